package dev.freshet.ops.replay;

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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

import dev.freshet.ops.reconcile.Reconcile;
import dev.freshet.ops.replay.DiffReport.Sample;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;

/**
 * Compares the tables of two generations while both are written. Each row is the truth of its own moment, so rows that
 * differ need not be wrong: one may just have been written before a change and the other behind it. Such a row is given a new
 * version soon. A difference therefore counts only if it is still there, with both rows' versions unchanged, once both
 * generations are complete beyond the source's clock at the first look: then both rows are the truth of that instant.
 */
public final class GenerationDiff {
    private static final int CHUNK = 5_000;
    private static final int LOOKS = 5;
    private static final int SAMPLES = 10;
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final FreshetConfig config;
    private final Connection target;
    private final Database source;
    private final Duration patience;
    private final Time time;

    /**
     * @param target in auto-commit mode, stays the caller's to close
     * @param source asked for its clock, and only if something differs
     * @param patience how long to wait for both generations to go on, each time
     */
    public GenerationDiff(FreshetConfig config, Connection target, Database source, Duration patience, Time time) {
        this.config = config;
        this.target = target;
        this.source = source;
        this.patience = patience;
        this.time = time;
    }

    /**
     * @param live the one that readers see
     * @param progress told how many users have been compared, and of how many
     * @throws Stop.Operator if one of them stands still, so that nothing can be told of what differs
     */
    public DiffReport compare(Generation live, Generation other, Reconcile.Progress progress)
            throws SQLException, InterruptedException {
        DiffSql sql = new DiffSql(
                config.names().table(live.number()),
                config.names().table(other.number()),
                config.catalogue(),
                config.source().users().idType());
        Tally tally = new Tally(DiffSql.columns(config.catalogue()));
        long total = count(sql);
        String from = null;
        for (String to = end(sql, null); to != null; to = end(sql, from)) {
            List<String> doubtful = differing(sql, from, to, tally);
            if (!doubtful.isEmpty()) {
                settle(sql, live, other, doubtful, tally);
            }
            progress.at(tally.compared, total);
            from = to;
        }
        return tally.report();
    }

    private long count(DiffSql sql) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery(sql.count())) {
            row.next();
            return row.getLong(1);
        }
    }

    private @Nullable String end(DiffSql sql, @Nullable String from) throws SQLException {
        try (PreparedStatement query = target.prepareStatement(sql.end(from == null, CHUNK))) {
            set(query, from, from);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    private List<String> differing(DiffSql sql, @Nullable String from, String to, Tally tally) throws SQLException {
        try (PreparedStatement query = target.prepareStatement(sql.differing(from == null))) {
            set(query, from, to, from, to);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                tally.compared += row.getLong(1);
                return List.of((String[]) row.getArray(2).getArray());
            }
        }
    }

    private static void set(PreparedStatement query, @Nullable String... values) throws SQLException {
        List<String> present = Stream.of(values).filter(Objects::nonNull).toList();
        for (int i = 0; i < present.size(); i++) {
            query.setString(i + 1, present.get(i));
        }
    }

    private void settle(DiffSql sql, Generation live, Generation other, List<String> doubtful, Tally tally)
            throws SQLException, InterruptedException {
        Map<String, Look> before = look(sql, doubtful);
        for (int i = 1; i < LOOKS && !before.isEmpty(); i++) {
            awaitBeyond(live, other, sourceClock());
            Map<String, Look> changed = new LinkedHashMap<>();
            for (Look now : look(sql, List.copyOf(before.keySet())).values()) {
                if (now.hasVersionsOf(before.get(now.user()))) {
                    tally.count(now);
                } else {
                    changed.put(now.user(), now);
                }
            }
            before = changed;
        }
        tally.unsettled += before.size();
    }

    private Map<String, Look> look(DiffSql sql, List<String> users) throws SQLException {
        try (PreparedStatement query = target.prepareStatement(sql.look())) {
            query.setArray(1, target.createArrayOf("text", users.toArray()));
            query.setArray(2, target.createArrayOf("text", users.toArray()));
            Map<String, Look> looks = new LinkedHashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Look look = look(row);
                    looks.put(look.user(), look);
                }
            }
            return looks;
        }
    }

    private Look look(ResultSet row) throws SQLException {
        String user = row.getString(1);
        Long first = row.getObject(2, Long.class);
        Long second = row.getObject(3, Long.class);
        List<Sample> differences = new ArrayList<>();
        if (first == null || second == null) {
            differences.add(new Sample(user, Tally.USER, first == null ? null : user, second == null ? null : user));
        } else {
            int column = 4;
            for (String name : Stream.concat(DiffSql.columns(config.catalogue()).stream(), Stream.of(Tally.INCOMPLETE))
                    .toList()) {
                if (row.getBoolean(column)) {
                    differences.add(new Sample(user, name, row.getString(column + 1), row.getString(column + 2)));
                }
                column += 3;
            }
        }
        return new Look(user, first, second, differences);
    }

    private String sourceClock() throws SQLException {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()::text")) {
            row.next();
            return row.getString(1);
        }
    }

    private void awaitBeyond(Generation live, Generation other, String instant)
            throws SQLException, InterruptedException {
        long deadline = time.nanoTime() + patience.toNanos();
        while (!isBeyond(live, other, instant)) {
            if (time.nanoTime() - deadline >= 0) {
                throw new Stop.Operator(
                        "generations " + live.number() + " and " + other.number() + " were not both complete beyond "
                                + instant + " of the source's clock within " + patience.toSeconds()
                                + " s, so nothing can be told of what differs",
                        "See whether ingest, streams and sink run: freshet replay status");
            }
            time.pause(PAUSE);
        }
    }

    private boolean isBeyond(Generation live, Generation other, String instant) throws SQLException {
        try (PreparedStatement query = target.prepareStatement(DiffSql.isBeyond())) {
            query.setString(1, instant);
            query.setInt(2, live.number());
            query.setInt(3, other.number());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** What a user's two rows were at one moment; a version is null where there is no row. */
    private record Look(
            String user, @Nullable Long first, @Nullable Long second, List<Sample> differences) {
        boolean hasVersionsOf(@Nullable Look before) {
            return before != null && Objects.equals(first, before.first) && Objects.equals(second, before.second);
        }
    }

    /** What has been found so far. */
    private static final class Tally {
        static final String USER = "user_id";
        static final String INCOMPLETE = "incomplete";

        private final Map<String, Long> byFeature = new LinkedHashMap<>();
        private final List<Sample> samples = new ArrayList<>();
        private long compared;
        private long missing;
        private long extra;
        private long users;
        private long unsettled;

        Tally(List<String> columns) {
            columns.forEach(column -> byFeature.put(column, 0L));
            byFeature.put(INCOMPLETE, 0L);
        }

        void count(Look look) {
            if (look.second() == null) {
                missing++;
            } else if (look.first() == null) {
                extra++;
            } else {
                users++;
                look.differences().forEach(one -> byFeature.merge(one.feature(), 1L, Long::sum));
            }
            look.differences().stream().limit(SAMPLES - samples.size()).forEach(samples::add);
        }

        DiffReport report() {
            return new DiffReport(
                    compared, missing, extra, new DiffReport.Differing(users, byFeature), unsettled, samples);
        }
    }
}
