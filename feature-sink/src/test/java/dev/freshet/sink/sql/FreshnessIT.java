package dev.freshet.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import org.junit.jupiter.api.Test;

import dev.freshet.testkit.servers.SharedServers;

class FreshnessIT {
    @Test
    void aGenerationIsCompleteThroughTheLeastOfItsPartitionsOnceEachHasSaidSomething() throws Exception {
        try (Target target = new Target()) {
            assertThat(Freshness.of(target.connection())).containsExactly(new Freshness(1, false, 0, 0));
            target.run("INSERT INTO freshet_watermark VALUES (1, 0, 5, '0/5', '2026-11-21 12:00:00.000005Z')");
            assertThat(Freshness.of(target.connection())).containsExactly(new Freshness(1, false, 0, 0));
            target.run("INSERT INTO freshet_watermark VALUES (1, 1, 5, '0/5', '2026-11-21 12:00:00.000003Z')");
            target.run(
                    "INSERT INTO freshet_sink_lost VALUES (1, 0, '7'); UPDATE freshet_generation SET state = 'live'");
            assertThat(Freshness.of(target.connection()))
                    .containsExactly(new Freshness(1, true, 1_795_262_400_000_003L, 1));
        }
    }

    @Test
    void incompleteRowsAreCountedByTheirIndex() throws Exception {
        try (Target target = new Target()) {
            assertThat(Freshness.incompleteUsers(target.connection())).isZero();
            target.run("CREATE OR REPLACE VIEW user_features AS SELECT *, 1 AS epoch FROM user_features_g1");
            target.run("INSERT INTO user_features_g1 (user_id, computed_at, incomplete, version)"
                    + " SELECT i, now(), i = 7, 1 FROM generate_series(1, 10000) i; ANALYZE user_features_g1");
            assertThat(Freshness.incompleteUsers(target.connection())).isOne();
            assertThat(target.query("EXPLAIN SELECT count(*) FROM user_features WHERE incomplete"))
                    .anyMatch(line -> line.contains("user_features_g1_incomplete"));
        }
    }

    @Test
    void anEmptyDatabaseHasNone() throws Exception {
        try (Connection connection = SharedServers.get().newDatabase().connect()) {
            assertThat(Freshness.of(connection)).isEmpty();
            assertThat(Freshness.incompleteUsers(connection)).isZero();
        }
    }
}
