package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.generation.ReaderViews;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.sink.sql.FeatureColumns;
import dev.freshet.sink.sql.GenerationTarget;
import dev.freshet.sink.sql.TargetSchema;

/** What readers saw, of tables that the sink's own statements made; what they held is written by hand, with its time. */
class AsServedIT {
    private static final LocalDate FIRST_DAY = LocalDate.of(2024, 3, 1);
    private static final int DAYS = 20;

    @TempDir
    private Path directory;

    private Shop shop;
    private Exports exports;

    /** Generation 1, begun on the first day at 1 and live from 2 on. */
    @BeforeEach
    void createTarget() throws SQLException {
        shop = Shop.standard();
        exports = new Exports(directory, shop.config());
        Generations generations = new Generations(shop.connection());
        generations.createTable();
        TargetSchema schema = new TargetSchema(
                new FeatureColumns(Catalogue.standard(), IdType.BIGINT),
                new ReaderViews(new Names("freshet"), Catalogue.standard()));
        schema.ensureShared(shop.connection());
        for (int generation = 1; generation <= 2; generation++) {
            generations.allocate(generation - 1, 2, "source");
            schema.ensureGeneration(
                    shop.connection(), new GenerationTarget(generation, "user_features_g" + generation, 2));
        }
        for (LocalDate day : FIRST_DAY.datesUntil(FIRST_DAY.plusDays(DAYS)).toList()) {
            shop.run("CREATE TABLE user_features_history_d" + day.toString().replace("-", "")
                    + " PARTITION OF user_features_history FOR VALUES FROM ('" + day + "') TO ('" + day.plusDays(1)
                    + "')");
        }
        shop.run("UPDATE freshet_generation SET created_at = '2024-03-01 01:00:00Z', state = 'standby'");
        live(1, 1, "2024-03-01 02:00:00Z");
        shop.run("INSERT INTO users (id) SELECT generate_series(1, 9)");
    }

    @AfterEach
    void close() throws SQLException {
        shop.close();
    }

    private void live(int epoch, int generation, String from) throws SQLException {
        shop.run("INSERT INTO freshet_epoch VALUES (" + epoch + ", " + generation + ", '" + from + "')");
    }

    /** Counts version orders. */
    private void held(int generation, int user, int version, String from) throws SQLException {
        shop.run("INSERT INTO user_features_history (generation, removed, user_id, order_count_7d, order_count_30d,"
                + " avg_order_value, last_order_date, computed_at, version, held_from) VALUES (%d, false, %d, %d, %d, %d.5, '2024-02-29', now(), %d, '%s')"
                        .formatted(generation, user, version, version, version, version, from));
    }

    private void removed(int generation, int user, int version, String from) throws SQLException {
        shop.run("INSERT INTO user_features_history (generation, removed, user_id, computed_at, version, held_from)"
                + " VALUES (%d, true, %d, now(), %d, '%s')".formatted(generation, user, version, from));
    }

    private void present(int generation, int user, int version) throws SQLException {
        present(generation, user, version, "2024-03-01 03:00:00Z");
    }

    private void present(int generation, int user, int version, String computedAt) throws SQLException {
        shop.run("INSERT INTO user_features_g%d VALUES (%d, %d, %d, %d.5, '2024-02-29', '%s', NULL, false, %d)"
                .formatted(generation, user, version, version, version, computedAt, version));
    }

    private ExportReport export(ExportMode mode, String... labels) throws Exception {
        String[] lines = new String[labels.length + 1];
        lines[0] = "user_id,label_time";
        System.arraycopy(labels, 0, lines, 1, labels.length);
        return exports.run(Exports.request(exports.csv(lines), exports.file("train.csv"), mode));
    }

    /** The count of each label, which tells the version that was shown; nothing where none was. */
    private List<String> shown(String... labels) throws Exception {
        Path out = export(ExportMode.AS_SERVED, labels).out();
        return Files.readAllLines(out).stream()
                .skip(1)
                .map(line -> line.split(",", -1)[2])
                .toList();
    }

    private long counted(String what, String... labels) throws Exception {
        return export(ExportMode.AS_SERVED, labels).counts().of(what);
    }

    @Test
    void aVersionIsShownFromWhenItWasWrittenUntilTheNextWas() throws Exception {
        held(1, 1, 5, "2024-03-03 00:00:00.000001Z");
        held(1, 1, 6, "2024-03-04 12:00:00Z");

        assertThat(shown(
                        "1,2024-03-03T00:00:00Z",
                        "1,2024-03-03T00:00:00.000001Z",
                        "1,2024-03-04T11:59:59.999999Z",
                        "1,2024-03-04T12:00:00Z",
                        "2,2024-03-04T12:00:00Z"))
                .containsExactly("", "5", "5", "6", "");
        assertThat(Files.readAllLines(exports.file("train.csv")).get(2))
                .isEqualTo("1,2024-03-03T00:00:00.000001Z,5,5,5.5000,2024-02-29");
    }

    /** As user_features_held tells it. */
    @Test
    void aVersionThatAClockBeforeItsStepBackWroteGivesWay() throws Exception {
        held(1, 1, 5, "2024-03-03 12:00:00Z");
        held(1, 1, 6, "2024-03-03 11:00:00Z");

        assertThat(shown("1,2024-03-03T10:59:59Z", "1,2024-03-03T11:30:00Z", "1,2024-03-04T00:00:00Z"))
                .containsExactly("", "6", "6");
    }

    @Test
    void aFeatureThatTablesDoNotHaveYetIsEmpty() throws Exception {
        present(1, 1, 5);
        dropFourDays();
        held(1, 2, 7, "2024-03-08 00:00:00Z");
        shop.run(
                "ALTER TABLE user_features_g1 DROP COLUMN avg_order_value CASCADE",
                "ALTER TABLE user_features_history DROP COLUMN avg_order_value CASCADE");

        Path out = export(ExportMode.AS_SERVED, "1,2024-03-09T00:00:00Z", "2,2024-03-09T00:00:00Z")
                .out();

        assertThat(Files.readAllLines(out).subList(1, 3))
                .containsExactly("1,2024-03-09T00:00:00Z,5,5,,2024-02-29", "2,2024-03-09T00:00:00Z,7,7,,2024-02-29");
    }

    @Test
    void aVersionThatNoLabelSawDoesNotMakeItsColumnText() throws Exception {
        held(1, 1, 5, "2024-03-03 00:00:00Z");
        held(1, 1, 6, "2024-03-04 00:00:00Z");
        shop.run("UPDATE user_features_history SET avg_order_value = 'NaN' WHERE version = 6");
        Path labels = exports.csv("user_id,label_time", "1,2024-03-03T12:00:00Z");

        ExportReport report = exports.run(Exports.request(labels, exports.file("train.parquet"), ExportMode.AS_SERVED));

        assertThat(report.textColumns()).isEmpty();
    }

    @Test
    void aRemovedUserHasNothing() throws Exception {
        held(1, 1, 5, "2024-03-03 00:00:00Z");
        removed(1, 1, 6, "2024-03-04 00:00:00Z");
        held(1, 1, 7, "2024-03-05 00:00:00Z");

        assertThat(shown("1,2024-03-03T10:00:00Z", "1,2024-03-04T10:00:00Z", "1,2024-03-05T10:00:00Z"))
                .containsExactly("5", "", "7");
        assertThat(counted(ExportCounts.ABSENT, "1,2024-03-04T10:00:00Z")).isEqualTo(1);
    }

    @Test
    void theGenerationIsTheOneThatWasLiveThen() throws Exception {
        held(1, 1, 5, "2024-03-02 00:00:00Z");
        held(2, 1, 90, "2024-03-02 00:00:00Z");
        held(1, 1, 6, "2024-03-05 00:00:00Z");
        held(2, 1, 91, "2024-03-05 00:00:00Z");
        live(2, 2, "2024-03-04 00:00:00Z");
        live(3, 1, "2024-03-06 00:00:00Z");

        assertThat(shown(
                        "1,2024-03-03T23:59:59.999999Z",
                        "1,2024-03-04T00:00:00Z",
                        "1,2024-03-05T00:00:00Z",
                        "1,2024-03-06T00:00:00Z"))
                .containsExactly("5", "90", "91", "6");
    }

    @Test
    void beforeTheFirstGenerationNothingIsKnown() throws Exception {
        held(1, 1, 5, "2024-03-01 01:30:00Z");

        assertThat(shown("1,2024-03-01T01:59:59.999999Z", "1,2024-03-01T02:00:00Z"))
                .containsExactly("", "5");
        assertThat(Files.readAllLines(exports.file("train.csv")).get(1)).isEqualTo("1,2024-03-01T01:59:59.999999Z,,,,");
        assertThat(counted(ExportCounts.BEFORE, "1,2024-03-01T01:59:59.999999Z", "1,2024-03-01T02:00:00Z"))
                .isEqualTo(1);
    }

    /** The retention has dropped the first four days. */
    private void dropFourDays() throws SQLException {
        for (LocalDate day : FIRST_DAY.datesUntil(FIRST_DAY.plusDays(4)).toList()) {
            shop.run("DROP TABLE user_features_history_d" + day.toString().replace("-", ""));
        }
    }

    @Test
    void aRowThatTheTableStillHoldsWasHeldSinceTheHistoryBegins() throws Exception {
        held(1, 1, 5, "2024-03-02 00:00:00Z");
        present(1, 1, 5);
        dropFourDays();

        assertThat(shown("1,2024-03-04T23:59:59.999999Z", "1,2024-03-05T00:00:00Z", "1,2024-03-09T00:00:00Z"))
                .containsExactly("", "5", "5");
        assertThat(Files.readAllLines(exports.file("train.csv")).get(1)).isEqualTo("1,2024-03-04T23:59:59.999999Z,,,,");
        assertThat(counted(ExportCounts.DROPPED, "1,2024-03-04T23:59:59.999999Z", "1,2024-03-05T00:00:00Z"))
                .isEqualTo(1);
    }

    @Test
    void aRowThatWasWrittenSinceTellsNothingOfTheTimeBefore() throws Exception {
        held(1, 1, 5, "2024-03-02 00:00:00Z");
        held(1, 1, 6, "2024-03-08 00:00:00Z");
        present(1, 1, 6);
        dropFourDays();

        assertThat(shown("1,2024-03-07T00:00:00Z", "1,2024-03-08T00:00:00Z")).containsExactly("", "6");
        assertThat(counted(ExportCounts.DROPPED, "1,2024-03-07T00:00:00Z")).isEqualTo(1);
        assertThat(counted(ExportCounts.ABSENT, "1,2024-03-07T00:00:00Z")).isZero();
    }

    /** As when the history was lost, and is begun anew. */
    @Test
    void aRowThatWasComputedSinceTheHistoryBeginsTellsNothingOfTheTimeBefore() throws Exception {
        present(1, 1, 6, "2024-03-08 00:00:00Z");
        dropFourDays();

        assertThat(shown("1,2024-03-07T00:00:00Z", "1,2024-03-08T00:00:00Z")).containsExactly("", "");
        assertThat(counted(ExportCounts.DROPPED, "1,2024-03-07T00:00:00Z")).isEqualTo(1);
    }

    @Test
    void aHistoryWithoutADayTellsNothing() throws Exception {
        present(1, 1, 6);
        for (LocalDate day : FIRST_DAY.datesUntil(FIRST_DAY.plusDays(DAYS)).toList()) {
            shop.run("DROP TABLE user_features_history_d" + day.toString().replace("-", ""));
        }

        assertThat(shown("1,2024-03-07T00:00:00Z")).containsExactly("");
    }

    @Test
    void aUserOfWhomAWholeHistoryKnowsNothingHadNoRow() throws Exception {
        assertThat(counted(ExportCounts.ABSENT, "1,2024-03-07T00:00:00Z")).isEqualTo(1);
    }

    @Test
    void servedRowsThatWereIncompleteAreCounted() throws Exception {
        held(1, 1, 5, "2024-03-02 00:00:00Z");
        shop.run("UPDATE user_features_history SET incomplete = true");

        assertThat(counted(ExportCounts.INCOMPLETE, "1,2024-03-03T00:00:00Z")).isEqualTo(1);
    }

    @Test
    void theDifferenceOfBothModesIsReportedByFeature() throws Exception {
        held(1, 1, 2, "2024-03-02 00:00:00Z");
        held(1, 2, 0, "2024-03-02 00:00:00Z");
        shop.order(1L, "2.5", "2024-02-29T00:00:00Z");
        shop.order(1L, "3.25", "2024-03-03T00:00:00Z");

        ExportReport report = export(
                ExportMode.BOTH,
                "1,2024-03-02T12:00:00Z",
                "1,2024-03-03T12:00:00Z",
                "2,2024-03-03T12:00:00Z",
                "3,2024-03-03T12:00:00Z",
                "1,2024-03-01T00:00:00Z");

        assertThat(Files.readAllLines(report.out()))
                .containsExactly(
                        "user_id,label_time,order_count_7d,order_count_30d,avg_order_value,last_order_date,"
                                + "order_count_7d_as_served,order_count_30d_as_served,avg_order_value_as_served,last_order_date_as_served",
                        "1,2024-03-02T12:00:00Z,1,1,2.5000,2024-02-29,2,2,2.5000,2024-02-29",
                        "1,2024-03-03T12:00:00Z,2,2,2.8750,2024-03-03,2,2,2.5000,2024-02-29",
                        "2,2024-03-03T12:00:00Z,0,0,,,0,0,0.5000,2024-02-29",
                        "3,2024-03-03T12:00:00Z,0,0,,,,,,",
                        "1,2024-03-01T00:00:00Z,1,1,2.5000,2024-02-29,,,,");
        assertThat(report.skew())
                .containsExactly(
                        new Skew("order_count_7d", 4, 2, 1, 1, 0, new java.math.BigDecimal("0.333333")),
                        new Skew("order_count_30d", 4, 2, 1, 1, 0, new java.math.BigDecimal("0.333333")),
                        new Skew("avg_order_value", 4, 2, 1, 0, 1, new java.math.BigDecimal("0.187500")),
                        new Skew("last_order_date", 4, 2, 1, 0, 1, null));
        assertThat(report.skew().get(0).share()).isEqualByComparingTo("0.5");
    }

    private void watermark(int generation, int part, String lsn, String sourceTime) throws SQLException {
        shop.run("INSERT INTO freshet_watermark VALUES (%d, %d, 1, '%s', '%s')"
                .formatted(generation, part, lsn, sourceTime));
    }

    @Test
    void theManifestTellsWhichGenerationWasReadAndHowFarThatWas() throws Exception {
        live(2, 2, "2024-03-04 00:00:00Z");
        watermark(1, 0, "0/9", "2024-03-20 00:00:00Z");
        watermark(1, 1, "0/9", "2024-03-20 00:00:00Z");
        watermark(2, 0, "1/AB", "2024-03-21 00:00:00.000001Z");
        watermark(2, 1, "1/AC", "2024-03-21 00:00:01Z");

        JsonNode manifest =
                export(ExportMode.AS_SERVED, "1,2024-03-02T12:00:00Z").manifest();

        assertThat(manifest.at("/target/generation").asInt()).isEqualTo(2);
        assertThat(manifest.at("/target/epoch").asInt()).isEqualTo(2);
        assertThat(manifest.at("/target/complete_through").toString())
                .isEqualTo("{\"system_identifier\":\"source\",\"lsn\":\"1/AB\","
                        + "\"source_time\":\"2024-03-21T00:00:00.000001Z\"}");
        assertThat(manifest.get("source").isNull()).as("no source was read").isTrue();
    }

    @Test
    void theManifestOfBothTellsOfSourceAndTarget() throws Exception {
        watermark(1, 0, "1/AB", "2024-03-21 00:00:00Z");

        JsonNode manifest = export(ExportMode.BOTH, "1,2024-03-02T12:00:00Z").manifest();

        assertThat(manifest.at("/source/lsn").asText()).contains("/");
        assertThat(manifest.at("/target/generation").asInt()).isEqualTo(1);
        assertThat(manifest.at("/target/complete_through/lsn").asText()).isEqualTo("1/AB");
    }

    @Test
    void aLabelMayNotHaveTheNameOfAServedFeature() throws Exception {
        Path labels = exports.csv("user_id,label_time,order_count_7d_as_served");

        assertThatThrownBy(() -> exports.run(Exports.request(labels, exports.file("train.csv"), ExportMode.BOTH)))
                .isInstanceOf(ExportRefusedException.class)
                .hasMessageContaining("has the name of a feature");
    }

    @Test
    void theTargetsFutureIsRefused() {
        assertThatThrownBy(() -> export(ExportMode.AS_SERVED, "1,9998-01-01T00:00:00Z"))
                .isInstanceOf(ExportRefusedException.class)
                .hasMessageContaining("is in the future");
    }

    @Test
    void aTargetThatNothingWasWrittenToIsTold() throws Exception {
        try (Shop empty = Shop.standard()) {
            exports = new Exports(directory, empty.config());

            assertThatThrownBy(() -> export(ExportMode.AS_SERVED, "1,2024-03-03T12:00:00Z"))
                    .isInstanceOf(Stop.Operator.class)
                    .hasMessageContaining("no history");
        }
    }

    /** Against the view that the sink made, and the register. */
    @ParameterizedTest
    @ValueSource(ints = {1, 0})
    void everyLabelHasWhatTheViewsTell(int fixed) throws Exception {
        long seed = fixed > 0 ? fixed : Long.getLong("freshet.seed", new Random().nextLong());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Instant beginning = Instant.parse("2024-03-01T02:00:00Z");
        List<String> labels = new ArrayList<>();
        for (int generation = 1; generation <= 2; generation++) {
            Instant time = beginning;
            for (int version = 1; version < 120; version++) {
                time = time.plus(random.nextInt(3_600), ChronoUnit.MILLIS);
                int user = 1 + random.nextInt(9);
                if (random.nextInt(6) == 0) {
                    removed(generation, user, version, time.toString());
                } else {
                    held(generation, user, version, time.toString());
                }
                labels.add(user + "," + time.plus(random.nextInt(3) - 1, ChronoUnit.MICROS));
                labels.add(1 + random.nextInt(9) + "," + time.plus(random.nextInt(5_000) - 2_500, ChronoUnit.MILLIS));
            }
        }
        for (int epoch = 2; epoch < 9; epoch++) {
            live(epoch, 1 + epoch % 2, beginning.plusSeconds(epoch * 25L).toString());
        }
        shop.run("CREATE TABLE labels (place serial, user_id bigint, label_time timestamptz)");
        for (String label : labels) {
            shop.run("INSERT INTO labels (user_id, label_time) VALUES (" + label.replace(",", ",'") + "')");
        }

        List<String> shown = shown(labels.toArray(String[]::new));

        assertThat(shown).as("seed %s", seed).isEqualTo(shop.query("""
                SELECT h.order_count_7d FROM labels AS l
                LEFT JOIN LATERAL (SELECT generation FROM freshet_epoch
                    WHERE live_from <= l.label_time ORDER BY epoch DESC LIMIT 1) AS e ON true
                LEFT JOIN user_features_held AS h ON h.user_id = l.user_id AND h.generation = e.generation
                    AND h.held_from <= l.label_time AND (h.held_until IS NULL OR l.label_time < h.held_until)
                ORDER BY l.place"""));
    }
}
