package dev.freshet.sink;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.generation.BuildPace;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.DatabaseSession;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.schemas.avro.RegistryUnavailableException;
import dev.freshet.sink.sql.GenerationTarget;
import dev.freshet.sink.sql.GenerationWriter;
import dev.freshet.sink.sql.HistoryDays;
import dev.freshet.sink.sql.LostPositionException;
import dev.freshet.sink.sql.MissingDayException;
import dev.freshet.sink.sql.Poll;
import dev.freshet.sink.sql.Position;
import dev.freshet.sink.sql.TargetSchema;
import dev.freshet.sink.sql.Written;

/**
 * Writes one generation, on one thread: a poll is a transaction. Whatever goes wrong with one, nothing of it is in the target
 * or all of it is; so the cure is always the same: ask the target where to go on, and read from there.
 */
final class GenerationWorker {
    private static final Logger log = LoggerFactory.getLogger(GenerationWorker.class);

    private static final Duration WHILE_UNREAD = Duration.ofMillis(10);

    /** As SQLSTATE. */
    private static final String UNDEFINED_TABLE = "42P01";

    private final SinkParts parts;
    private final GenerationTarget target;
    private final BuildPace.Worker pace;
    private final String topic;
    private final EntryReader reader;
    private final GenerationWriter writer;
    private final DatabaseSession session;
    private final Backoff backoff = Backoff.standard();
    private int failures;
    private boolean isTableMissed;
    private long notBefore;

    GenerationWorker(SinkParts parts, GenerationTarget target, BuildPace.Worker pace) {
        this.parts = parts;
        this.target = target;
        this.pace = pace;
        topic = parts.names().features(target.generation());
        reader = new EntryReader(parts.registry(), topic, parts.config().catalogue(), parts.time());
        writer = new GenerationWriter(target, parts.columns(), "now()");
        session = new DatabaseSession(parts.target(), this::prepare);
        notBefore = parts.time().nanoTime();
    }

    private void prepare(Connection connection) throws SQLException {
        TargetSchema schema = parts.schema();
        schema.ensureShared(connection);
        schema.ensureGeneration(connection, target);
        days().makeAhead(connection);
    }

    private HistoryDays days() {
        return new HistoryDays("now()", parts.config().target().historyRetention());
    }

    /** Polls and writes until the consumer is woken up. */
    void run(Consumer<byte[], byte[]> consumer) {
        Assignment assignment = new Assignment(consumer, topic, writer::forget);
        consumer.subscribe(List.of(topic), assignment);
        try (session;
                DeadLetterProducer letters = new DeadLetterProducer(parts, target.generation())) {
            while (true) {
                boolean isReading = assignment.unread().isEmpty();
                ConsumerRecords<byte[], byte[]> records =
                        consumer.poll(isReading ? parts.config().sink().pollTimeout() : WHILE_UNREAD);
                long begun = parts.time().nanoTime();
                noteAges(records);
                requireYoung(records);
                try {
                    write(records, assignment, letters);
                    if (!assignment.unread().isEmpty() && parts.time().nanoTime() - notBefore >= 0) {
                        findPositions(assignment);
                    }
                } catch (SQLException e) {
                    failed(e);
                    assignment.forgetPositions();
                } catch (LostPositionException
                        | MissingDayException
                        | RegistryUnavailableException
                        | TimeoutException
                        | DeadLettersUnavailableException e) {
                    retryLater(e, e instanceof MissingDayException);
                    assignment.forgetPositions();
                }
                pace.restAfterWorkSince(begun, behind(consumer));
            }
        }
    }

    /** As far as the last fetch told. */
    private static long behind(Consumer<byte[], byte[]> consumer) {
        return consumer.assignment().stream()
                .mapToLong(partition -> consumer.currentLag(partition).orElse(0))
                .sum();
    }

    private void noteAges(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> all = records.records(partition);
            Instant written = Instant.ofEpochMilli(all.get(all.size() - 1).timestamp());
            pace.taken(Duration.between(written, parts.time().now()));
        }
    }

    /**
     * Of entries that were written longer ago the cleaner may have taken away what others have replaced: until it came to
     * these, the table would lack what its watermark promises. It goes by the same timestamps, and the position does not
     * tell: who follows the log without a stop may be as late.
     */
    private void requireYoung(ConsumerRecords<byte[], byte[]> records) {
        long oldest = parts.time().now().minus(Topics.SAFE_LAG).toEpochMilli();
        for (ConsumerRecord<byte[], byte[]> entry : records) {
            if (entry.timestamp() < oldest) {
                throw new Stop.Operator(
                        "offset=" + entry.offset() + " of " + topic + "-" + entry.partition()
                                + " is taken up later than " + Topics.SAFE_LAG.toDays()
                                + " days after its entry in the change log was written, and what it replaces may have been compacted away",
                        Generations.REBUILD);
            }
        }
    }

    private void write(ConsumerRecords<byte[], byte[]> records, Assignment assignment, DeadLetterProducer letters)
            throws SQLException {
        Set<Integer> waiting = writer.waitingPartitions();
        if (records.isEmpty() && waiting.isEmpty()) {
            return;
        }
        Poll poll = reader.read(records, assignment.positions(), waiting);
        if (poll.claims().isEmpty()) {
            return;
        }
        parts.hooks().beforeWrite();
        long begin = parts.time().nanoTime();
        Written written = writer.write(session.connection(), poll, letters, parts.hooks()::beforeCommit);
        parts.meter().commits().add(parts.time().nanoTime() - begin);
        parts.hooks().afterCommit();
        assignment.advance(poll.claims());
        parts.meter().count(written);
        if (written.rejected() > 0) {
            log.error(
                    "the table held newer versions than were written generation={} guard_rejected={} claims={}",
                    target.generation(),
                    written.rejected(),
                    poll.claims());
        }
        if (failures > 0) {
            log.info("writing again generation={} failures={}", target.generation(), failures);
            failures = 0;
            isTableMissed = false;
        }
    }

    private void findPositions(Assignment assignment) throws SQLException {
        Map<Integer, Long> ends = assignment.ends();
        Connection connection = session.connection();
        parts.schema().requirePositions(connection, target);
        for (var found : writer.positions(connection, List.copyOf(assignment.unread()), reader::reread)
                .entrySet()) {
            requireReadable(found.getKey(), found.getValue(), ends.getOrDefault(found.getKey(), 0L));
            assignment.read(found.getKey(), found.getValue().next());
            log.info(
                    "reading generation={} topic={} partition={} offset={}",
                    target.generation(),
                    topic,
                    found.getKey(),
                    found.getValue().next());
        }
    }

    private void requireReadable(int partition, Position position, long end) {
        if (position.next() > end) {
            throw new Stop.Operator(
                    topic + "-" + partition + " ends at offset=" + end + ", before offset=" + position.next()
                            + " which the target has reached: the brokers have lost what they held, or it is another topic",
                    Generations.REBUILD);
        }
        if (!position.isAt(end) && position.age().compareTo(Topics.OLDEST_POSITION) > 0) {
            throw new Stop.Operator(
                    "the position in " + topic + "-" + partition + " is "
                            + position.age().toDays()
                            + " days old, and removals older than " + Topics.OLDEST_POSITION.toDays()
                            + " days may have been compacted away",
                    Generations.REBUILD);
        }
    }

    private void failed(SQLException failure) {
        switch (SqlFault.of(failure)) {
            case WAIT -> {
                session.close();
                retryLater(failure, false);
            }
            case RETRY -> retryLater(failure, false);
            case ROW, STOP -> {
                if (UNDEFINED_TABLE.equals(failure.getSQLState()) && !isTableMissed) {
                    isTableMissed = true;
                    retryLater(failure, true);
                    return;
                }
                throw new Stop.Operator(
                        "the target refuses what the sink does: " + failure.getMessage() + " (" + failure.getSQLState()
                                + ")",
                        "Give the sink's role its rights back, or the tables their form",
                        failure);
            }
        }
    }

    private void retryLater(Exception failure, boolean withNewSession) {
        if (withNewSession) {
            session.close(); // a new one makes what is missing, or says what cannot be made anew
        }
        failures++;
        notBefore = parts.time().nanoTime()
                + backoff.after(failures, ThreadLocalRandom.current()).toNanos();
        if (failures == 1) {
            log.warn("waiting generation={} reason={}", target.generation(), Quoted.of(failure));
        } else {
            log.debug("failed again generation={} failures={}", target.generation(), failures, failure);
        }
    }
}
