package dev.freshet.ingest.repair;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.source.SourceRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.capture.Entry;
import dev.freshet.ingest.capture.EventReader;
import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.source.UserRows;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.DatabaseSession;
import dev.freshet.runtime.jdbc.SettledSnapshot;
import dev.freshet.runtime.repair.RepairRequests;
import dev.freshet.runtime.repair.RepairRequests.Erasure;
import dev.freshet.runtime.repair.RepairRequests.Request;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.PlainAvro;
import dev.freshet.schemas.avro.UndecodableException;
import dev.freshet.schemas.change.ChangeKey;

/**
 * Takes up requests for the users of one log, on a thread and connections of its own. Whatever fails is tried again: a request is
 * answered only when its user is replaced in the log for good.
 */
public final class Repairer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Repairer.class);
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CLOSING = Duration.ofSeconds(5);

    /** Users of one attempt. */
    private static final int USERS = 200;

    /** Orders of one attempt, unless a single user has more: all of it is one Kafka transaction. */
    private static final long ORDERS = 10_000;

    /** All of them stand in the heap, as the records of the source and as those of the log, together some 1 KB each. */
    private static final long MOST_ORDERS_OF_A_USER = 50_000;

    private static final PlainAvro<ChangeKey> KEYS = FreshetAvro.changeKeys();

    private final int changeLog;
    private final Mapping mapping;
    private final RepairDesk desk;
    private final BooleanSupplier isStreaming;
    private final DatabaseSession source;
    private final DatabaseSession target;
    private final Time time;
    private final Thread thread;

    /** The two databases, each with timeouts that suit reading all orders once. */
    public record Databases(Database source, Database target) {}

    /**
     * @param changeLog its number
     * @param isStreaming whether the log's snapshot is complete
     */
    public Repairer(
            int changeLog,
            Mapping mapping,
            RepairDesk desk,
            BooleanSupplier isStreaming,
            Databases databases,
            Time time) {
        this.changeLog = changeLog;
        this.mapping = mapping;
        this.desk = desk;
        this.isStreaming = isStreaming;
        this.time = time;
        source = new DatabaseSession(databases.source(), connection -> {});
        target = new DatabaseSession(databases.target(), connection -> new RepairRequests(connection).createTable());
        thread = new Thread(this::run, "repairer");
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        try (source;
                target) {
            while (true) {
                time.pause(step());
            }
        } catch (InterruptedException e) {
            log.debug("repairer stopped");
        }
    }

    /** Returns how long to rest. */
    private Duration step() throws InterruptedException {
        if (!isStreaming.getAsBoolean()) {
            return IDLE;
        }
        try {
            RepairRequests requests = new RepairRequests(target.connection());
            Optional<Erasure> erasure = requests.openErasure(changeLog);
            if (erasure.isPresent()) {
                return erase(requests, erasure.get()) ? Duration.ZERO : IDLE;
            }
            List<Request> open = requests.open(changeLog, USERS);
            if (open.isEmpty()) {
                return IDLE;
            }
            // A user that somebody changes all the time is read again and again: not without a rest.
            return attempt(requests, open) ? Duration.ZERO : IDLE;
        } catch (SQLException | TimeoutException | RuntimeException e) {
            log.warn("cannot repair users now, and try again reason=\"{}\"", e.toString());
            source.close();
            target.close();
            return AFTER_FAILURE;
        } finally {
            desk.close();
        }
    }

    /** Returns whether any request was answered. */
    private boolean attempt(RepairRequests requests, List<Request> open)
            throws SQLException, TimeoutException, InterruptedException {
        Map<Id, List<Long>> asked = asked(requests, open);
        String token = UUID.randomUUID().toString();
        CompletableFuture<Set<Id>> replaced = desk.open(token);
        Connection connection = source.connection();
        emit(connection, Entry.Mark.text(token, false));
        Map<Id, List<SourceRecord>> rows = readBehindTheMark(connection, requests, asked);
        desk.offer(rows);
        emit(connection, Entry.Mark.text(token, true));
        long through = number(connection, "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint");
        Set<Id> done = await(replaced);
        List<Long> answered = new ArrayList<>();
        List<Long> tried = new ArrayList<>();
        asked.forEach((user, ids) -> {
            if (done.contains(user)) {
                answered.addAll(ids);
            } else if (rows.containsKey(user)) {
                tried.addAll(ids);
            }
        });
        requests.done(answered, through);
        requests.tried(tried);
        log.info("users replaced={} changed_meanwhile={} log={}", done.size(), rows.size() - done.size(), changeLog);
        return !answered.isEmpty();
    }

    /** Returns whether it was answered. */
    private boolean erase(RepairRequests requests, Erasure erasure)
            throws SQLException, TimeoutException, InterruptedException {
        Optional<Id> user = mapping.userIdType().id(erasure.user());
        if (user.isEmpty()) {
            requests.refused(erasure.id(), "not the id of a user");
            return true;
        }
        String token = UUID.randomUUID().toString();
        CompletableFuture<Set<Id>> erased = desk.open(token);
        Connection connection = source.connection();
        emit(connection, Entry.Mark.text(token, false));
        if (isInSource(connection, user.get())) {
            requests.refused(erasure.id(), "it is in the source");
            return true;
        }
        desk.offer(new Entry.Erasure(user.get(), rowsOf(user.get(), erasure.keys())));
        emit(connection, Entry.Mark.text(token, true));
        long through = number(connection, "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint");
        boolean isDone = await(erased).contains(user.get());
        if (isDone) {
            requests.done(List.of(erasure.id()), through);
        } else {
            requests.tried(List.of(erasure.id()));
        }
        log.info(
                "a user is ended in the log rows={} changed_meanwhile={} log={}",
                erasure.keys().size(),
                !isDone,
                changeLog);
        return isDone;
    }

    /** A row that the filter leaves out is one, too. */
    private boolean isInSource(Connection connection, Id user)
            throws SQLException, TimeoutException, InterruptedException {
        return settled(connection, () -> {
            UserRows rows = new UserRows(connection, mapping);
            return rows.orderCounts(List.of(user)).containsKey(user)
                    || !Objects.requireNonNull(rows.select(List.of(user)).get(user))
                            .isEmpty();
        });
    }

    private static List<ChangeKey.Row> rowsOf(Id user, List<byte[]> keys) {
        return keys.stream()
                .flatMap(key -> decoded(key).stream())
                .filter(ChangeKey.Row.class::isInstance)
                .map(ChangeKey.Row.class::cast)
                .filter(row -> row.user().equals(user))
                .toList();
    }

    /** Empty for what nobody can read; the next generation is without it. */
    private static Optional<ChangeKey> decoded(byte[] key) {
        try {
            return Optional.of(KEYS.decode(key));
        } catch (UndecodableException e) {
            return Optional.empty();
        }
    }

    private Map<Id, List<Long>> asked(RepairRequests requests, List<Request> open) throws SQLException {
        Map<Id, List<Long>> asked = new LinkedHashMap<>();
        for (Request request : open) {
            Optional<Id> user = mapping.userIdType().id(request.user());
            if (user.isPresent()) {
                asked.computeIfAbsent(user.get(), any -> new ArrayList<>()).add(request.id());
            } else {
                requests.refused(request.id(), "not the id of a user");
            }
        }
        return asked;
    }

    private static void emit(Connection connection, String text) throws SQLException {
        try (PreparedStatement emit = connection.prepareStatement("SELECT pg_logical_emit_message(true, ?, ?)")) {
            emit.setString(1, EventReader.MESSAGE_PREFIX);
            emit.setString(2, text);
            emit.execute();
        }
    }

    /** In a snapshot in which everything is decided that may stand before the mark. */
    private Map<Id, List<SourceRecord>> readBehindTheMark(
            Connection connection, RepairRequests requests, Map<Id, List<Long>> asked)
            throws SQLException, TimeoutException, InterruptedException {
        return settled(connection, () -> {
            UserRows rows = new UserRows(connection, mapping);
            return rows.select(chosen(rows.orderCounts(asked.keySet()), requests, asked));
        });
    }

    private <T> T settled(Connection connection, SettledSnapshot.Reading<T> reading)
            throws SQLException, TimeoutException, InterruptedException {
        return SettledSnapshot.read(connection, PATIENCE, time, reading)
                .orElseThrow(() -> new TimeoutException("a transaction in the source has been open for "
                        + PATIENCE.toSeconds()
                        + " s: SELECT pid, xact_start, query FROM pg_stat_activity WHERE backend_xid IS NOT NULL"));
    }

    /** Those that one transaction can hold; others come next time. */
    private static List<Id> chosen(Map<Id, Long> orders, RepairRequests requests, Map<Id, List<Long>> asked)
            throws SQLException {
        List<Id> chosen = new ArrayList<>();
        long sum = 0;
        for (Map.Entry<Id, List<Long>> user : asked.entrySet()) {
            long count = orders.getOrDefault(user.getKey(), 0L);
            if (count > MOST_ORDERS_OF_A_USER) {
                for (long id : user.getValue()) {
                    requests.refused(
                            id,
                            "it has " + count
                                    + " orders, too many for one transaction: freshet replay start --from-source");
                }
            } else if (chosen.isEmpty() || sum + count <= ORDERS) {
                chosen.add(user.getKey());
                sum += count;
            }
        }
        return chosen;
    }

    private static Set<Id> await(CompletableFuture<Set<Id>> replaced) throws TimeoutException, InterruptedException {
        try {
            return replaced.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new TimeoutException("the log did not come to the mark within " + PATIENCE.toSeconds() + " s");
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
