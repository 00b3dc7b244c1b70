package dev.freshet.ops.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.HookedTime;
import dev.freshet.ops.reconcile.Reconcile;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;

class GenerationDiffIT {
    private Builds builds;

    @BeforeEach
    void prepare() throws SQLException {
        builds = new Builds();
    }

    @AfterEach
    void close() throws SQLException {
        builds.close();
    }

    @Test
    void equalTablesDoNotDifferWhateverTheirVersions() throws Exception {
        for (int user = 1; user <= 12_000; user += 1_000) {
            builds.row(1, user, 3, "1.5000", 7);
            builds.row(2, user, 3, "1.5", 9);
        }
        DiffReport report = compare(Time.system());
        assertThat(report.compared()).isEqualTo(12);
        assertThat(report.differences()).isZero();
        assertThat(report.samples()).isEmpty();
    }

    @Test
    void whatDiffersIsCountedByFeatureOverSeveralChunks() throws Exception {
        builds.run("INSERT INTO user_features_g1 (user_id, order_count_7d, version)"
                + " SELECT n, 1, 1 FROM generate_series(1, 12000) n");
        builds.run("INSERT INTO user_features_g2 SELECT * FROM user_features_g1 WHERE user_id <> 11");
        builds.row(2, 20_000, 1, "1", 1);
        builds.run("UPDATE user_features_g2 SET order_count_7d = 2 WHERE user_id IN (3, 11999)");
        builds.run("UPDATE user_features_g2 SET avg_order_value = 'NaN' WHERE user_id = 3");
        builds.run("UPDATE user_features_g2 SET exact_until = now() WHERE user_id = 6");
        builds.run("UPDATE user_features_g2 SET incomplete = true, order_count_7d = 9 WHERE user_id = 4");
        builds.run("UPDATE user_features_g1 SET incomplete = true, order_count_7d = 9 WHERE user_id = 5");
        builds.watermarks(1, "0/A", Builds.FUTURE);
        builds.watermarks(2, "0/A", Builds.FUTURE);

        DiffReport report = compare(Time.system());
        assertThat(report.compared()).isEqualTo(12_001);
        assertThat(report.missing()).isEqualTo(1);
        assertThat(report.extra()).isEqualTo(1);
        assertThat(report.differing().users())
                .as("what only the live one does not know is no fault")
                .isEqualTo(4);
        assertThat(report.differing().byFeature())
                .containsEntry("exact_until", 1L)
                .containsEntry("order_count_7d", 2L)
                .containsEntry("avg_order_value", 1L)
                .containsEntry("last_order_date", 0L)
                .containsEntry("incomplete", 1L);
        assertThat(report.doubtfulShare()).isEqualTo(6 / 12_001.0);
        assertThat(report.samples())
                .contains(
                        new DiffReport.Sample("3", "avg_order_value", null, "NaN"),
                        new DiffReport.Sample("11", "user_id", "11", null),
                        new DiffReport.Sample("20000", "user_id", null, "20000"));
    }

    @Test
    void whatIsOnlyOfAnotherMomentDoesNotCount() throws Exception {
        builds.row(1, 1, 3, "1", 7);
        builds.row(2, 1, 4, "1", 7);
        builds.row(1, 2, 3, "1", 7);
        builds.row(2, 2, 4, "1", 7);
        builds.watermarks(2, "0/A", "now()");

        DiffReport report = compare(new HookedTime(duration -> {
            builds.row(1, 1, 4, "1", 8); // the live one hears of the change, too
            builds.watermarks(1, "0/A", Builds.FUTURE);
            builds.watermarks(2, "0/A", Builds.FUTURE);
        }));
        assertThat(report.differences()).isEqualTo(1);
        assertThat(report.samples()).extracting(DiffReport.Sample::user).containsOnly("2");
    }

    @Test
    void ofAUserWhoChangesAllTheTimeNothingIsSaid() throws Exception {
        builds.row(1, 1, 3, "1", 7);
        builds.row(2, 1, 4, "1", 7);
        builds.watermarks(1, "0/A", Builds.FUTURE);
        builds.watermarks(2, "0/A", Builds.FUTURE);
        builds.run("CREATE SEQUENCE versions");
        builds.run("ALTER TABLE user_features_g2 RENAME TO raw");
        builds.run("CREATE VIEW user_features_g2 AS SELECT user_id, order_count_7d, order_count_30d, avg_order_value,"
                + " last_order_date, computed_at, exact_until, incomplete, nextval('versions') AS version FROM raw");
        DiffReport report = compare(Time.system());
        assertThat(report.differences()).isZero();
        assertThat(report.unsettled()).isEqualTo(1);
        assertThat(report.doubtfulShare()).isEqualTo(1);
    }

    @Test
    void nothingIsToldOfWhatDiffersWhileAGenerationStandsStill() throws Exception {
        builds.row(1, 1, 3, "1", 7);
        builds.watermarks(1, "0/A", Builds.FUTURE);
        builds.watermarks(2, "0/A", "now() - interval '1 second'");
        assertThatThrownBy(() -> compare(Time.system()))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("nothing can be told");
    }

    private DiffReport compare(Time time) throws Exception {
        Replay replay = builds.replay();
        return new GenerationDiff(builds.config(), builds.connection(), builds.source(), Duration.ofMillis(300), time)
                .compare(replay.live(), replay.building(), Reconcile.Progress.NONE);
    }
}
