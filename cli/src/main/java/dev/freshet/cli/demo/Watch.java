package dev.freshet.cli.demo;

import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.freshet.cli.demo.WatchedUser.Verdict;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * Holds a few users against the truth. The source may be ahead of the table by what is on its way, so a difference is
 * looked at again, for a while, until it is gone.
 */
final class Watch {
    private static final Duration PATIENCE = Duration.ofMillis(900);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private final Connection connection;
    private final Time time;
    private final int features;
    private final String query;
    private final String choice;
    private final int size;
    private List<Long> users = List.of();

    /** @param size how many users */
    Watch(Connection connection, Catalogue catalogue, int size, Time time) {
        this.connection = connection;
        this.time = time;
        this.size = size;
        features = catalogue.features().size();
        query = """
                SELECT w.user_id, f.user_id IS NOT NULL, t.user_id IS NOT NULL, f.computed_at::text, %s, %s, %s
                FROM unnest(?::bigint[]) WITH ORDINALITY AS w (user_id, n) CROSS JOIN %s AS c
                LEFT JOIN %s AS f ON f.user_id = w.user_id
                LEFT JOIN LATERAL (SELECT a.* FROM %s(coalesce(f.computed_at, c.source_time)) AS a
                    WHERE a.user_id = w.user_id) AS t ON true
                ORDER BY w.n""".formatted(
                        each(catalogue, "f.%s IS NOT DISTINCT FROM t.%1$s", " AND "),
                        each(catalogue, "f.%s::text", ", "),
                        each(catalogue, "t.%s::text", ", "),
                        Names.COMPLETE_THROUGH,
                        Names.VIEW,
                        Names.TRUTH);
        // The busiest one, some at random, and one whose row time alone will change next.
        choice = """
                (SELECT user_id FROM %1$s ORDER BY order_count_30d DESC, user_id LIMIT 1)
                UNION ALL (SELECT user_id FROM %1$s WHERE exact_until IS NOT NULL ORDER BY exact_until LIMIT 1)
                UNION ALL (SELECT user_id FROM %1$s ORDER BY md5(user_id::text) LIMIT %2$d)""".formatted(Names.VIEW, 2 * size);
    }

    private static String each(Catalogue catalogue, String text, String separator) {
        return catalogue.features().stream()
                .map(FeatureDefinition::name)
                .map(name -> '"' + name + '"')
                .map(text::formatted)
                .collect(joining(separator));
    }

    /** One look at each of the users; those that are gone make room for others. */
    List<WatchedUser> look() throws SQLException, InterruptedException {
        if (users.size() < size) {
            users = choose();
        }
        long begin = time.nanoTime();
        List<WatchedUser> seen = read();
        while (isAnyOnItsWay(seen) && time.nanoTime() - begin < PATIENCE.toNanos()) {
            time.pause(BETWEEN_LOOKS);
            seen = settle(seen, read());
        }
        users = seen.stream()
                .filter(user -> user.verdict() != Verdict.GONE)
                .map(WatchedUser::user)
                .toList();
        return seen;
    }

    /** Whoever was seen to be equal once is; the others are as seen now. */
    private static List<WatchedUser> settle(List<WatchedUser> before, List<WatchedUser> now) {
        List<WatchedUser> settled = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            settled.add(before.get(i).verdict() == Verdict.ON_ITS_WAY ? now.get(i) : before.get(i));
        }
        return settled;
    }

    private static boolean isAnyOnItsWay(List<WatchedUser> seen) {
        return seen.stream().anyMatch(user -> user.verdict() == Verdict.ON_ITS_WAY);
    }

    private List<WatchedUser> read() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setArray(1, connection.createArrayOf("bigint", users.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                List<WatchedUser> seen = new ArrayList<>();
                while (row.next()) {
                    seen.add(new WatchedUser(
                            row.getLong(1),
                            text(row, 4),
                            texts(row, 6),
                            texts(row, 6 + features),
                            verdict(row.getBoolean(2), row.getBoolean(3), row.getBoolean(5))));
                }
                return seen;
            }
        }
    }

    private static Verdict verdict(boolean inTable, boolean inTruth, boolean sameValues) {
        if (!inTable && !inTruth) {
            return Verdict.GONE;
        }
        return inTable && inTruth && sameValues ? Verdict.EQUAL : Verdict.ON_ITS_WAY;
    }

    private List<String> texts(ResultSet row, int from) throws SQLException {
        List<String> texts = new ArrayList<>();
        for (int column = from; column < from + features; column++) {
            texts.add(text(row, column));
        }
        return texts;
    }

    private static String text(ResultSet row, int column) throws SQLException {
        String text = row.getString(column);
        return text == null ? "-" : text;
    }

    private List<Long> choose() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(choice);
                ResultSet rows = statement.executeQuery()) {
            Set<Long> chosen = new LinkedHashSet<>(users);
            while (rows.next() && chosen.size() < size) {
                chosen.add(rows.getLong(1));
            }
            return List.copyOf(chosen);
        }
    }
}
