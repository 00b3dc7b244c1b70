package dev.freshet.e2e.bench;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.SplittableRandom;

import dev.freshet.testkit.process.ChildJvm;

/**
 * What a change costs streams, of a user with as many orders as a whole shop and of one with ten. Streams is paused while the
 * changes are made; all that it uses until it has taken them in is counted, polls and commits too.
 */
final class HeavyUser {
    /** Beside others, the shop has these two users. */
    static final int HEAVY = 1;

    static final int LIGHT = 2;
    static final int ORDERS_OF_LIGHT = 10;

    static final String LIGHT_CPU = "lightUserCpuMicros";
    static final String HEAVY_CPU = "heavyUserCpuMicros";
    static final String LIGHT_NEWEST_CPU = "lightUserNewestCpuMicros";
    static final String HEAVY_NEWEST_CPU = "heavyUserNewestCpuMicros";

    private static final int ROUNDS = 5;
    private static final int COMMITS = 1_000;
    private static final int FEWEST_COMMITS = 100;
    private static final int ROWS_PER_COMMIT = 10;

    private static final String UPDATE = "UPDATE orders SET total = total + 1 WHERE id = ANY (?)";
    private static final String DELETE_NEWEST = "DELETE FROM orders WHERE id IN"
            + " (SELECT id FROM orders WHERE user_id = ? ORDER BY created_at DESC LIMIT " + ROWS_PER_COMMIT + ")";
    private static final String INSERT_NEWEST = "INSERT INTO orders (user_id, total, created_at)"
            + " SELECT ?, 1, clock_timestamp() FROM generate_series(1, " + ROWS_PER_COMMIT + ")";

    private final Trial trial;
    private final int commits;
    private final SplittableRandom random = new SplittableRandom(1);

    private HeavyUser(Trial trial) {
        this.trial = trial;
        commits = Math.max(FEWEST_COMMITS, Math.min(COMMITS, trial.options().scaled(COMMITS)));
    }

    @FunctionalInterface
    private interface Changes {
        void make(int user) throws SQLException;
    }

    static void measure(Trial trial, Values values) throws Exception {
        trial.deployment().startAll();
        trial.awaitTakenIn();
        HeavyUser changes = new HeavyUser(trial);
        int rounds = Math.min(ROUNDS, trial.options().scaled(ROUNDS));
        for (int round = 0; round <= rounds; round++) {
            double lightUpdate = changes.microsPerChange(LIGHT, changes::update);
            double heavyUpdate = changes.microsPerChange(HEAVY, changes::update);
            double lightNewest = changes.microsPerChange(LIGHT, changes::replaceNewest);
            double heavyNewest = changes.microsPerChange(HEAVY, changes::replaceNewest);
            if (round > 0) { // the first is a warm-up
                values.add(LIGHT_CPU, lightUpdate);
                values.add(HEAVY_CPU, heavyUpdate);
                values.add(LIGHT_NEWEST_CPU, lightNewest);
                values.add(HEAVY_NEWEST_CPU, heavyNewest);
            }
        }
    }

    private double microsPerChange(int user, Changes changes) throws Exception {
        ChildJvm streams = trial.deployment().process(Deployment.Part.STREAMS);
        streams.pause();
        changes.make(user);
        String end = trial.sourceEnd();
        trial.awaitCaptured(end);
        double before = Resources.cpuMicros(streams.pid());
        streams.resume();
        trial.awaitTakenIn(end);
        return (Resources.cpuMicros(streams.pid()) - before) / commits / ROWS_PER_COMMIT;
    }

    private void update(int user) throws SQLException {
        Object[] ofLight = ordersOfLight();
        try (PreparedStatement update = trial.connection().prepareStatement(UPDATE)) {
            for (int commit = 0; commit < commits; commit++) {
                Object[] orders = user == LIGHT ? ofLight : ordersOfHeavy();
                update.setArray(1, trial.connection().createArrayOf("bigint", orders));
                update.executeUpdate();
            }
        }
    }

    private Object[] ordersOfLight() throws SQLException {
        try (Statement statement = trial.connection().createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT array_agg(id ORDER BY id) FROM orders WHERE user_id = " + LIGHT)) {
            row.next();
            return (Object[]) row.getArray(1).getArray();
        }
    }

    /** They are the first of the shop. */
    private Object[] ordersOfHeavy() {
        return random.longs(1, trial.options().orders() + 1L)
                .distinct()
                .limit(ROWS_PER_COMMIT)
                .sorted()
                .boxed()
                .toArray();
    }

    /** As many come as go, all of the light user's, and both are seen: they are commits of their own. */
    private void replaceNewest(int user) throws SQLException {
        try (PreparedStatement delete = trial.connection().prepareStatement(DELETE_NEWEST);
                PreparedStatement insert = trial.connection().prepareStatement(INSERT_NEWEST)) {
            delete.setInt(1, user);
            insert.setInt(1, user);
            for (int commit = 0; commit < commits; commit += 2) {
                delete.executeUpdate();
                insert.executeUpdate();
            }
        }
    }
}
