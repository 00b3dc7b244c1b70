package dev.freshet.serving.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.time.Micros;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.catalogue.Catalogue;

/**
 * Random users at random instants: what is recomputed is what PostgreSQL makes of the same rows, by a query of the test's own.
 * Again by {@code -Dfreshet.seed=} the number that it prints.
 */
class ExplainPropertyIT {
    private static final int USERS = 60;
    private static final int INSTANTS = 5;
    private static final long NOON = Micros.of(Instant.parse("2025-03-31T12:00:00Z"));
    private static final long HOUR = 3_600_000_000L;

    private static final Map<String, String> MORE_FEATURES = new HashMap<>(Map.of(
            "features.0.name",
            "orders_1h",
            "features.0.aggregate",
            "count",
            "features.0.window",
            "1h",
            "features.1.name",
            "spent_7d",
            "features.1.aggregate",
            "sum",
            "features.1.column",
            "total"));

    static {
        MORE_FEATURES.putAll(Map.of(
                "features.1.window", "7d",
                "features.2.name", "mean_7d",
                "features.2.aggregate", "avg",
                "features.2.column", "total",
                "features.2.window", "7d",
                "features.3.name", "mean",
                "features.3.aggregate", "avg",
                "features.3.column", "total",
                "features.4.name", "last_30d"));
        MORE_FEATURES.putAll(Map.of("features.4.aggregate", "last_date", "features.4.window", "30d"));
    }

    private static final String STANDARD_TRUTH =
            """
            SELECT %1$s, %2$s, %3$s, %4$s FROM (SELECT * FROM orders WHERE user_id = ?::bigint) o,
                (SELECT ?::timestamptz AS t) i""".formatted(count("168 hours"), count("720 hours"), mean("1000000 hours"), day("1000000 hours"));

    private static final String MORE_TRUTH = """
            SELECT %1$s, %2$s, %3$s, %4$s, %5$s FROM (SELECT * FROM orders WHERE user_id = ?::bigint) o,
                (SELECT ?::timestamptz AS t) i""".formatted(
                    count("1 hour"),
                    "(sum(total) FILTER (WHERE " + in("168 hours") + "))::text",
                    mean("168 hours"),
                    mean("1000000 hours"),
                    day("720 hours"));

    private final SplittableRandom random;

    ExplainPropertyIT() {
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("ExplainPropertyIT seed " + seed);
        random = new SplittableRandom(seed);
    }

    private static String in(String window) {
        return "created_at > t - interval '" + window + "' AND created_at <= t";
    }

    private static String count(String window) {
        return "(count(*) FILTER (WHERE " + in(window) + "))::text";
    }

    private static String day(String window) {
        return "((max(created_at) FILTER (WHERE " + in(window) + ") AT TIME ZONE 'UTC')::date)::text";
    }

    private static String mean(String window) {
        String sum = "sum(total) FILTER (WHERE " + in(window) + ")";
        String count = "count(total) FILTER (WHERE " + in(window) + ")";
        return "(sign(%1$s) * div(abs(%1$s) * 20000 + %2$s, nullif(2 * %2$s, 0)) * 0.0001)::text".formatted(sum, count);
    }

    @Test
    void theStandardFeaturesAreWhatPostgresMakesOfTheSameRows() throws Exception {
        check(Map.of(), STANDARD_TRUTH);
    }

    @Test
    void soAreSumsAndShorterWindows() throws Exception {
        check(MORE_FEATURES, MORE_TRUTH);
    }

    private void check(Map<String, String> settings, String truth) throws Exception {
        try (ShopAndTable shop = new ShopAndTable(settings);
                Connection reading = shop.openSource()) {
            SourceRows rows = new SourceRows(reading, shop.config());
            Catalogue catalogue = shop.config().catalogue();
            shop.source("INSERT INTO users (id) SELECT generate_series(1, " + USERS + ")");
            List<Long> instants = new ArrayList<>();
            for (int i = 0; i < INSTANTS; i++) {
                instants.add(NOON - random.nextLong(60 * 24 * HOUR));
            }
            fill(shop.sourceConnection(), instants);
            for (int user = 1; user <= USERS; user++) {
                for (long at : instants) {
                    Instant instant = Micros.toInstant(at);
                    List<@Nullable String> expected = truth(shop.sourceConnection(), truth, user, instant);
                    List<ExplainedFeature> features = rows.read(
                                    Id.of(user), moment -> new Recomputation(catalogue, moment, at, 0))
                            .features(null);
                    for (int i = 0; i < features.size(); i++) {
                        assertThat(number(features.get(i).recomputed()))
                                .as(
                                        "%s of user %d at %s",
                                        features.get(i).definition().name(), user, instant)
                                .isEqualTo(number(expected.get(i)));
                    }
                }
            }
        }
    }

    /** Orders at, one microsecond beside and anywhere around the edges that the windows have at these instants. */
    private void fill(Connection source, List<Long> instants) throws SQLException {
        try (PreparedStatement insert = source.prepareStatement(
                "INSERT INTO orders (user_id, total, created_at) VALUES (?, ?::numeric, ?::timestamptz)")) {
            for (int user = 1; user <= USERS; user++) {
                boolean hasNaN = random.nextInt(5) == 0;
                boolean hasInfinity = random.nextInt(5) == 0;
                for (int i = random.nextInt(12); i > 0; i--) {
                    insert.setLong(1, user);
                    insert.setString(2, total(hasNaN, hasInfinity));
                    insert.setString(3, random.nextInt(15) == 0 ? null : createdAt(instants));
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }

    private String createdAt(List<Long> instants) {
        long at = instants.get(random.nextInt(instants.size()));
        long micros =
                switch (random.nextInt(6)) {
                    case 0 -> at + beside();
                    case 1 -> at - HOUR + beside();
                    case 2 -> at - 168 * HOUR + beside();
                    case 3 -> at - 720 * HOUR + beside();
                    case 4 -> at - random.nextLong(1_000 * HOUR);
                    default -> at + random.nextLong(1_000 * HOUR);
                };
        return Micros.toInstant(micros)
                .atOffset(ZoneOffset.UTC)
                .truncatedTo(ChronoUnit.MICROS)
                .toString();
    }

    private long beside() {
        return random.nextInt(3) - 1;
    }

    private @Nullable String total(boolean hasNaN, boolean hasInfinity) {
        if (hasNaN && random.nextInt(4) == 0) {
            return "NaN";
        }
        if (hasInfinity && random.nextInt(4) == 0) {
            return random.nextBoolean() ? "Infinity" : "-Infinity";
        }
        String sign = random.nextBoolean() ? "-" : "";
        return switch (random.nextInt(8)) {
            case 0 -> null;
            case 1 -> sign + digits(1_000);
            case 2 -> sign + digits(500) + "." + digits(500);
            case 3 -> sign + "0." + digits(999);
            case 4 -> sign + "0.0000" + random.nextInt(10);
            case 5 -> sign + random.nextInt(100) + ".00005";
            case 6 -> "0.00";
            default -> sign + random.nextInt(10_000) + "." + random.nextInt(100);
        };
    }

    private String digits(int count) {
        StringBuilder digits = new StringBuilder(count).append(1 + random.nextInt(9));
        while (digits.length() < count) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    private static List<@Nullable String> truth(Connection source, String sql, long user, Instant at)
            throws SQLException {
        try (PreparedStatement query = source.prepareStatement(sql)) {
            query.setLong(1, user);
            query.setString(2, at.toString());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                List<@Nullable String> values = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    values.add(row.getString(i));
                }
                return values;
            }
        }
    }

    /** A number of any scale as one that equals it; anything else as it is. */
    private static @Nullable Object number(@Nullable String text) {
        return text == null || !text.matches("-?\\d+(\\.\\d+)?") ? text : new BigDecimal(text).stripTrailingZeros();
    }
}
