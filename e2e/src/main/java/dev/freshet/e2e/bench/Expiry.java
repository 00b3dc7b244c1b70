package dev.freshet.e2e.bench;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How long after it has left its 7 days an order is still counted, as a reader sees it who looks again and again. Each of the
 * orders belongs to another silent user; they leave one after the other, in the order of the users.
 */
final class Expiry {
    private static final Duration LEAD = Duration.ofSeconds(8);
    private static final Duration SPREAD = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);
    private static final long AHEAD_MICROS = 500_000;

    private static final String INSERT = """
            INSERT INTO orders (user_id, total, created_at)
            SELECT ? + n, 1, clock.now - interval '7 days' + interval '1 microsecond' * (? + n * ?::bigint)
            FROM generate_series(0, ? - 1) n, (SELECT clock_timestamp() AS now OFFSET 0) clock
            RETURNING user_id, (extract(epoch FROM created_at + interval '7 days') * 1000000)::bigint""";
    private static final String READ = "SELECT user_id, order_count_7d,"
            + " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
            + " FROM user_features WHERE user_id BETWEEN ? AND ?";
    private static final String NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    private final Trial trial;
    private final int first;
    private final Map<Long, Integer> countsAfter = new TreeMap<>();
    private final SortedMap<Long, Long> edges = new TreeMap<>();
    private final List<Double> lateMillis = new ArrayList<>();

    private Expiry(Trial trial) {
        this.trial = trial;
        first = trial.options().users() - trial.options().silentUsers() + 1;
    }

    static void measure(Trial trial, Values values) throws Exception {
        Expiry expiry = new Expiry(trial);
        expiry.insert();
        expiry.watch();
        values.addSamples("expiryLateMillis", expiry.lateMillis);
        long early = expiry.lateMillis.stream().filter(millis -> millis < 0).count();
        if (early > 0) {
            throw new MeasurementException(early + " orders were no longer counted before they had left the window");
        }
    }

    private void insert() throws Exception {
        int orders = trial.options().expiries();
        read(first, first + orders - 1L).forEach((user, seen) -> countsAfter.put(user, seen.count()));
        try (PreparedStatement insert = trial.connection().prepareStatement(INSERT)) {
            insert.setLong(1, first);
            insert.setLong(2, micros(LEAD));
            insert.setLong(3, micros(trial.options().shortened(SPREAD)) / orders);
            insert.setInt(4, orders);
            try (ResultSet rows = insert.executeQuery()) {
                while (rows.next()) {
                    edges.put(rows.getLong(1), rows.getLong(2));
                }
            }
        }
        trial.awaitTakenIn();
        if (trial.number(NOW)
                >= edges.values().stream().mapToLong(Long::longValue).min().orElseThrow()) {
            throw new MeasurementException("the first order left its window before the table had it");
        }
    }

    private void watch() throws Exception {
        trial.bed().patience().until("the orders out of the window", BETWEEN_LOOKS, () -> {
            long soon = trial.number(NOW) + AHEAD_MICROS;
            long last = edges.entrySet().stream()
                    .takeWhile(edge -> edge.getValue() <= soon)
                    .mapToLong(Map.Entry::getKey)
                    .max()
                    .orElse(0);
            read(edges.firstKey(), last).forEach(this::note);
            return edges.isEmpty();
        });
    }

    private void note(long user, Seen seen) {
        Long edge = edges.get(user);
        if (edge != null && seen.count() == countsAfter.getOrDefault(user, 0)) {
            lateMillis.add((seen.micros() - edge) / 1e3);
            edges.remove(user);
        }
    }

    /** @param micros when it was looked at, by the clock of the source */
    private record Seen(int count, long micros) {}

    private Map<Long, Seen> read(long from, long to) throws SQLException {
        Map<Long, Seen> seen = new TreeMap<>();
        try (PreparedStatement query = trial.connection().prepareStatement(READ)) {
            query.setLong(1, from);
            query.setLong(2, to);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    seen.put(rows.getLong(1), new Seen(rows.getInt(2), rows.getLong(3)));
                }
            }
        }
        return seen;
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }
}
