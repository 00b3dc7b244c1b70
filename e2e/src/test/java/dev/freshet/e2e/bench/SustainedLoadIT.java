package dev.freshet.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

import dev.freshet.e2e.process.WorkDirectory;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.testkit.process.Deadline;
import dev.freshet.testkit.servers.EmbeddedServers;

/**
 * The fault matrix, row 41: five times the load that latencies are measured under, one more writer who changes a user with as many
 * orders as a shop, and many users who do nothing, on the heaps of a deployment. In full by {@code -Dfreshet.sustained=PT30M
 * -Dfreshet.hot.orders=1000000 -Dfreshet.idle.users=10000000}.
 */
class SustainedLoadIT {
    private static final Duration FOR = Duration.parse(System.getProperty("freshet.sustained", "PT20S"));
    private static final int HOT_ORDERS = Integer.getInteger("freshet.hot.orders", 10_000);
    private static final int IDLE_USERS = Integer.getInteger("freshet.idle.users", 20_000);
    private static final int HOT_USER = 1;

    /** A row of the table for each user, 5,000 a second of them at least. */
    private static final Duration BOOTSTRAP = Duration.ofMinutes(10).plusSeconds(IDLE_USERS / 5_000);

    private static final int RATE = 5 * Visibility.RATE;

    private static final double LEAST_RATE = 0.97 * RATE;

    /** What OPERATIONS.md has an alert for. */
    private static final Duration FURTHEST_BEHIND = Duration.ofSeconds(30);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private static final String MILLIS_BEHIND =
            "SELECT (extract(epoch FROM clock_timestamp() - min(source_time)) * 1000)::bigint FROM "
                    + Names.COMPLETE_THROUGH;

    @Test
    void fiveTimesTheLoadBesideAHotUserIsTakenInOnFixedHeaps() throws Exception {
        Path directory =
                Path.of("target", "sustained-" + ProcessHandle.current().pid()).toAbsolutePath();
        BenchOptions options = new BenchOptions(directory, 0.1, 1, Set.of());
        try (EmbeddedServers servers = new EmbeddedServers(directory, 0).stopAtJvmEnd()) {
            servers.start(event -> {});
            Bed bed = new Bed(servers, options, Time.system(), BOOTSTRAP);
            bed.seed().makeShop("shop");
            try (Trial trial = bed.trial("shop")) {
                addHotUserAndIdleOnes(trial);
                trial.deployment().startAll();
                trial.awaitTakenIn();
                long furthest = furthestBehindUnderLoad(trial);
                trial.awaitTakenIn();
                trial.requireTruth();
                assertThat(trial.deployment().obituary()).isEmpty();
                System.out.println("furthest behind: " + furthest + " ms");
                assertThat(Duration.ofMillis(furthest)).isLessThan(FURTHEST_BEHIND);
            }
        }
        WorkDirectory.delete(directory);
    }

    private static void addHotUserAndIdleOnes(Trial trial) throws SQLException {
        trial.execute("INSERT INTO orders (user_id, total, created_at) SELECT " + HOT_USER
                + ", n, now() - interval '1 second' - interval '60 days' * random() FROM generate_series(1, "
                + HOT_ORDERS + ") n");
        trial.execute("INSERT INTO users (email) SELECT 'idle' || n FROM generate_series(1, " + IDLE_USERS + ") n");
    }

    private static long furthestBehindUnderLoad(Trial trial) throws Exception {
        int firstHot = trial.options().orders() + 1;
        SplittableRandom random = new SplittableRandom(1);
        long furthest = 0;
        try (Load load = new Load(trial, RATE);
                PreparedStatement update =
                        trial.connection().prepareStatement("UPDATE orders SET total = total + 1 WHERE id = ANY (?)")) {
            for (Deadline end = Deadline.in(FOR); !end.isPast(); ) {
                Object[] orders = random.ints(Load.ROWS_PER_COMMIT, firstHot, firstHot + HOT_ORDERS)
                        .mapToObj(order -> (Object) (long) order)
                        .toArray();
                update.setArray(1, trial.connection().createArrayOf("bigint", orders));
                assertThat(update.executeUpdate()).isPositive();
                furthest = Math.max(furthest, trial.number(MILLIS_BEHIND));
                assertThat(trial.deployment().obituary()).isEmpty();
                trial.bed().time().pause(BETWEEN_LOOKS);
            }
            System.out.printf("%.0f changes/s%n", load.rate());
            assertThat(load.rate()).isGreaterThan(LEAST_RATE);
            load.requireNoFailure();
        }
        return furthest;
    }
}
