package dev.freshet.ops.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.Shop;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** What a comparison asks of a source at once, and how long it leaves it alone: of five users, all of whom the table has. */
class ReconcilePaceIT {
    private static final Duration WORK = Duration.ofMillis(30);

    private Shop source;
    private Connection target;
    private final CountingTime time = new CountingTime();

    /** By its clock whatever is done takes as long; notes the pauses, and makes none. */
    private static final class CountingTime implements Time {
        private final List<Duration> pauses = new ArrayList<>();
        private long nanos;

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanoTime() {
            nanos += WORK.toNanos();
            return nanos;
        }

        @Override
        public void pause(Duration duration) {
            pauses.add(duration);
        }
    }

    @BeforeEach
    void createSourceAndTarget() throws SQLException {
        source = new Shop(SharedServers.get().newDatabase());
        source.run("CREATE INDEX by_user ON orders (user_id)");
        source.run("INSERT INTO users (id) SELECT generate_series(1, 5)");
        Database database = SharedServers.get().newDatabase();
        target = database.connect();
        try (Statement statement = target.createStatement()) {
            statement.execute("""
                    CREATE TABLE user_features (user_id bigint PRIMARY KEY, order_count_7d int, order_count_30d int,
                        avg_order_value numeric, last_order_date date, computed_at timestamptz, exact_until timestamptz,
                        incomplete boolean, version bigint);
                    CREATE TABLE freshet_generation (generation int, epoch int);
                    CREATE TABLE freshet_complete_through (generation int, lsn pg_lsn, source_time timestamptz);
                    INSERT INTO user_features
                        SELECT id, 0, 0, NULL, NULL, '2026-03-31 11:00:00+00', NULL, false, 1 FROM generate_series(1, 5) id;
                    INSERT INTO freshet_generation VALUES (1, 1);
                    INSERT INTO freshet_complete_through VALUES (1, '7FFFFFFF/0', '2026-03-31 12:00:00+00')""");
        }
    }

    @AfterEach
    void close() throws SQLException {
        source.close();
        target.close();
    }

    /** Returns how far it was behind each chunk: users of the source, and then rows of the table. */
    private List<Long> compare(Pace pace) throws SQLException, InterruptedException {
        List<Long> done = new ArrayList<>();
        ReconcileReport report = new Reconcile(SourceTables.standard(), Catalogue.standard(), pace, time)
                .run(source.connection(), target, (now, total) -> done.add(now));
        assertThat(report.isClean()).as("%s", report).isTrue();
        assertThat(report.checked()).isEqualTo(5);
        return done;
    }

    @Test
    void theSourceIsLeftAloneForItsShareOfTheTimeBehindEachChunk() throws Exception {
        assertThat(compare(new Pace(2, 0.75, Duration.ZERO))).containsExactly(0L, 2L, 4L, 5L, 7L, 9L, 10L);
        assertThat(time.pauses).hasSize(6).containsOnly(WORK.multipliedBy(3));
    }

    @Test
    void withoutAnIndexOnTheOrdersUserAllAreComparedInOneChunk() throws Exception {
        source.run("DROP INDEX by_user");
        assertThat(compare(new Pace(2, 0.5, Duration.ZERO))).containsExactly(0L, 5L, 10L);
    }

    @Test
    void anIndexThatHasOnlySomeOrdersIsNone() throws Exception {
        source.run("DROP INDEX by_user");
        source.run("CREATE INDEX ON orders (user_id) WHERE total > 0");
        source.run("CREATE INDEX ON orders (created_at, user_id)");
        assertThat(compare(new Pace(2, 0.5, Duration.ZERO))).containsExactly(0L, 5L, 10L);
    }
}
