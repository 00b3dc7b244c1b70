package dev.freshet.ops.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.Shop;
import dev.freshet.ops.drift.DriftReport.Sample;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** Source and target in two databases; the target's tables are made by hand. */
class ReconcileIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Database sourceDatabase;
    private Shop source;
    private String sourcePid;
    private Database targetDatabase;
    private Connection target;

    /** Three users, of whom the table has all that is right at noon; complete through noon. */
    @BeforeEach
    void createSourceAndTarget() throws SQLException {
        sourceDatabase = SharedServers.get().newDatabase();
        source = new Shop(sourceDatabase);
        sourcePid = source.query("SELECT pg_backend_pid()").get(0);
        source.run("CREATE INDEX ON orders (user_id)");
        for (int user = 1; user <= 3; user++) {
            source.user(user);
        }
        source.order(1, "10", "2026-03-25 12:00:00+00");
        source.order(1, "20", "2026-03-31 11:00:00+00");
        source.order(2, "NaN", "2026-03-01 12:00:00.000001+00");
        targetDatabase = SharedServers.get().newDatabase();
        target = targetDatabase.connect();
        run(
                "CREATE TABLE user_features (user_id bigint PRIMARY KEY, order_count_7d int, order_count_30d int,"
                        + " avg_order_value numeric, last_order_date date, computed_at timestamptz, exact_until timestamptz,"
                        + " incomplete boolean, version bigint)",
                "CREATE TABLE freshet_generation (generation int, epoch int)",
                "CREATE TABLE freshet_complete_through (generation int, lsn pg_lsn, source_time timestamptz)",
                "INSERT INTO user_features VALUES"
                        + " (1, 2, 2, 15.0, '2026-03-31', '2026-03-31 11:00:00+00', '2026-04-01 12:00:00+00', false, 7),"
                        + " (2, 0, 1, 'NaN', '2026-03-01', '2026-03-31 11:00:00+00', '2026-03-31 12:00:00.000001+00', false, 8),"
                        + " (3, 0, 0, NULL, NULL, '2026-03-31 11:30:00+00', NULL, false, 9)",
                "INSERT INTO freshet_generation VALUES (1, 1)",
                "INSERT INTO freshet_complete_through VALUES (1, '7FFFFFFF/0', '2026-03-31 12:00:00+00')");
    }

    @AfterEach
    void close() throws SQLException {
        source.close();
        target.close();
    }

    private void run(String... statements) throws SQLException {
        try (Statement statement = target.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private ReconcileReport reconcile(int chunk, Duration patience) throws SQLException, InterruptedException {
        return reconcile(chunk, patience, Reconcile.Progress.NONE);
    }

    private ReconcileReport reconcile(int chunk, Duration patience, Reconcile.Progress progress)
            throws SQLException, InterruptedException {
        return new Reconcile(
                        SourceTables.standard(), Catalogue.standard(), new Pace(chunk, 0.1, patience), Time.system())
                .runNaming(source.connection(), target, progress);
    }

    private ReconcileReport reconcile() throws SQLException, InterruptedException {
        return reconcile(2, Duration.ofSeconds(20));
    }

    @Test
    void aTrueTableIsClean() throws Exception {
        ReconcileReport report = reconcile();

        assertThat(report.isClean()).as("%s", report).isTrue();
        assertThat(report.checked()).isEqualTo(3);
        assertThat(report.unverified()).isZero();
    }

    @Test
    void aRoleNeedsNoRightsButThoseThatItIsToldOf() throws Exception {
        String role = SharedServers.get().uniqueName("role").replace('-', '_');
        source.run("CREATE ROLE " + role);
        source.run("GRANT SELECT (id) ON users TO " + role);
        source.run("GRANT SELECT (id, user_id, total, created_at) ON orders TO " + role);
        source.run("REVOKE USAGE ON SCHEMA public FROM PUBLIC");
        run("DELETE FROM user_features WHERE user_id = 2");
        source.run("SET ROLE " + role);

        Stop.Operator outside = catchThrowableOfType(Stop.Operator.class, this::reconcile);
        source.run("RESET ROLE");
        assertThat(outside.cure()).isEqualTo("GRANT USAGE ON SCHEMA \"public\" TO " + role + ";");
        source.run(outside.cure());
        source.run("SET ROLE " + role);
        Stop.Operator refused = catchThrowableOfType(Stop.Operator.class, this::reconcile);
        source.run("RESET ROLE");
        source.run(refused.cure());
        source.run("SET ROLE " + role);

        assertThat(refused.cure()).isEqualTo("GRANT SELECT (xmin) ON \"public\".\"users\" TO " + role + ";");
        assertThat(reconcile().users()).containsExactly("2");
    }

    @Test
    void everyKindOfDifferenceIsFoundAndNamed() throws Exception {
        run(
                "UPDATE user_features SET order_count_7d = 3, last_order_date = NULL WHERE user_id = 1",
                "DELETE FROM user_features WHERE user_id = 2",
                "INSERT INTO user_features VALUES (4, 0, 0, NULL, NULL, '2026-03-31 11:00:00+00', NULL, false, 9)");

        ReconcileReport report = reconcile();

        assertThat(report.checked()).isEqualTo(4);
        assertThat(report.missing()).isEqualTo(1);
        assertThat(report.extra()).isEqualTo(1);
        assertThat(report.wrong())
                .isEqualTo(Map.of(
                        "order_count_7d",
                        1L,
                        "order_count_30d",
                        0L,
                        "avg_order_value",
                        0L,
                        "last_order_date",
                        1L,
                        "exact_until",
                        0L));
        assertThat(report.users()).containsExactlyInAnyOrder("1", "2", "4");
        assertThat(report.samples())
                .containsExactlyInAnyOrder(
                        new Sample("1", "order_count_7d", "3", "2"),
                        new Sample("1", "last_order_date", null, "2026-03-31"),
                        new Sample("2", "user_id", null, "2"),
                        new Sample("4", "user_id", "4", null));
    }

    /** There may be as many as there are users. */
    @Test
    void whereUsersAreCountedNoneOfThemIsKept() throws Exception {
        run("UPDATE user_features SET order_count_7d = 3");
        ReconcileReport report = new Reconcile(
                        SourceTables.standard(), Catalogue.standard(), Pace.STANDARD, Time.system())
                .run(source.connection(), target, Reconcile.Progress.NONE);

        assertThat(report.differing()).isEqualTo(3);
        assertThat(report.isClean()).isFalse();
        assertThat(report.users()).isEmpty();
    }

    @Test
    void aRowThatTimeShouldHaveChangedIsWrong() throws Exception {
        run("UPDATE freshet_complete_through SET source_time = '2026-03-31 12:00:00.000001+00'");

        ReconcileReport report = reconcile();

        assertThat(report.wrong()).containsEntry("exact_until", 1L);
        assertThat(report.users()).containsExactly("2");
    }

    @Test
    void aRowWhoseEndWasTakenAwayIsComparedAtTheTimeThatItClaimsWithIt() throws Exception {
        run(
                "UPDATE user_features SET exact_until = NULL WHERE user_id = 2",
                "UPDATE freshet_complete_through SET source_time = '2026-04-01 00:00:00+00'");

        assertThat(reconcile().users()).containsExactly("2");
    }

    @Test
    void anIncompleteRowIsCountedApart() throws Exception {
        run("UPDATE user_features SET order_count_7d = 99, incomplete = true WHERE user_id = 1");

        ReconcileReport report = reconcile();

        assertThat(report.incomplete()).isEqualTo(1);
        assertThat(report.isClean()).isTrue();
    }

    /** Who truncates both tables may lock them in the other order, and PostgreSQL ends whom it likes. */
    @Test
    void aReadThatEndsInADeadlockIsMadeAgain() throws Exception {
        source.run("SET deadlock_timeout = '2s'");
        try (Connection shopper = sourceDatabase.connect();
                Statement statement = shopper.createStatement()) {
            shopper.setAutoCommit(false);
            // So it is not the shopper who notices.
            statement.execute("SET deadlock_timeout = '1h'");
            statement.execute("SET lock_timeout = '20s'");
            statement.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
            CompletableFuture<ReconcileReport> comparison = CompletableFuture.supplyAsync(() -> {
                try {
                    return reconcile();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            await("it waits for orders").until(() -> {
                try (ResultSet row = statement.executeQuery(
                        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'orders'::regclass")) {
                    row.next();
                    return row.getInt(1) == 1;
                }
            });
            statement.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
            shopper.rollback();

            assertThat(comparison.get(30, TimeUnit.SECONDS).isClean()).isTrue();
        }
    }

    @Test
    void aLockThatOutlastsAReadOfTheSourceIsWaitedOut() throws Exception {
        assertWaitsOutALock(sourceDatabase, "users", 0);
    }

    @Test
    void aLockThatOutlastsAReadOfTheTableIsWaitedOut() throws Exception {
        assertWaitsOutALock(targetDatabase, "user_features", 3);
    }

    /** @param done how many users were compared before it is locked; the next read is that of more of its users */
    private void assertWaitsOutALock(Database database, String table, long done) throws Exception {
        source.run("SET lock_timeout = '200ms'");
        run("SET lock_timeout = '200ms'");
        try (Connection holder = database.connect();
                Statement lock = holder.createStatement();
                Connection observer = database.connect()) {
            holder.setAutoCommit(false);
            CompletableFuture<ReconcileReport> comparison = begun((compared, total) -> {
                if (compared == done) {
                    try {
                        lock.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }
            });
            String first = await("a read waits for the lock")
                    .atMost(PATIENCE)
                    .until(() -> waitingSince(observer, table), since -> !since.isEmpty());
            await("another read waits for it")
                    .atMost(PATIENCE)
                    .until(() -> waitingSince(observer, table), since -> !since.isEmpty() && !since.equals(first));
            holder.rollback();
            assertThat(comparison.get(30, TimeUnit.SECONDS).isClean()).isTrue();
        }
    }

    private static String waitingSince(Connection observer, String table) throws SQLException {
        return text(
                observer,
                "SELECT waitstart::text FROM pg_locks WHERE NOT granted AND relation = '" + table + "'::regclass");
    }

    /** Empty if there is no row, or NULL. */
    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? Objects.requireNonNullElse(row.getString(1), "") : "";
        }
    }

    /** WAL is decoded before its transaction is seen, for as long as a synchronous standby takes. */
    @Test
    void aRowThatKnowsOfATransactionThatIsStillInFlightIsNotWrong() throws Exception {
        run("UPDATE user_features SET order_count_7d = 1, order_count_30d = 1, avg_order_value = 5,"
                + " last_order_date = '2026-03-30' WHERE user_id = 3");
        try (Connection shopper = sourceDatabase.connect();
                Statement statement = shopper.createStatement()) {
            shopper.setAutoCommit(false);
            statement.execute(
                    "INSERT INTO orders (user_id, total, created_at) VALUES (3, 5, '2026-03-30 12:00:00+00')");

            ReconcileReport impatient = reconcile(1_000, Duration.ofMillis(300));
            assertThat(impatient.isClean()).as("%s", impatient).isTrue();
            assertThat(impatient.unverified()).isEqualTo(1);

            String before = now();
            CompletableFuture<ReconcileReport> patient = begun();
            awaitOnSource("SELECT pg_snapshot_xmin%", before);
            shopper.commit();
            ReconcileReport report = patient.get(30, TimeUnit.SECONDS);
            assertThat(report.isClean()).as("%s", report).isTrue();
            assertThat(report.unverified()).isZero();
        }
    }

    @Test
    void aRowThatFollowsWhileItIsLookedAtAgainIsHeldAgainstTheTruthOfItsNewInstant() throws Exception {
        run("UPDATE freshet_complete_through SET lsn = '0/1'");
        source.order(1, "30", "2026-03-31 11:30:00+00");
        String before = now();
        CompletableFuture<ReconcileReport> comparison = begun();
        awaitThatItWaitsForTheTable(before);
        try (Connection sink = targetDatabase.connect();
                Statement statement = sink.createStatement()) {
            sink.setAutoCommit(false);
            statement.execute(
                    "UPDATE user_features SET order_count_7d = 2, order_count_30d = 3, avg_order_value = 20.0,"
                            + " computed_at = '2026-04-01 12:00:00+00', exact_until = '2026-04-07 11:00:00+00', version = 10"
                            + " WHERE user_id = 1");
            statement.execute("UPDATE user_features SET order_count_30d = 0, computed_at = '2026-04-01 12:00:00+00',"
                    + " exact_until = NULL, version = 10 WHERE user_id = 2");
            statement.execute("UPDATE freshet_complete_through SET lsn = '7FFFFFFF/0',"
                    + " source_time = '2026-04-01 12:00:00+00'");
            sink.commit();
        }
        ReconcileReport report = comparison.get(30, TimeUnit.SECONDS);
        assertThat(report.isClean()).as("%s", report).isTrue();
        assertThat(report.unverified()).isZero();
    }

    @Test
    void aUserWhoWasGoneInBetweenIsNotMissing() throws Exception {
        run("UPDATE freshet_complete_through SET lsn = '0/1'");
        source.user(4);
        String before = now();
        CompletableFuture<ReconcileReport> comparison = begun();
        String first = awaitThatItWaitsForTheTable(before);
        // not on the comparison's own connections, which roll back
        try (Connection shopper = sourceDatabase.connect();
                Statement shopping = shopper.createStatement();
                Connection sink = targetDatabase.connect();
                Statement table = sink.createStatement()) {
            shopping.execute("DELETE FROM users WHERE id = 4");
            String whileGone;
            try (ResultSet row = shopping.executeQuery("SELECT pg_current_wal_insert_lsn()::text")) {
                row.next();
                whileGone = row.getString(1);
            }
            shopping.execute("INSERT INTO users (id) VALUES (4)");
            table.execute("UPDATE freshet_complete_through SET lsn = '" + whileGone + "'");
            awaitThatItWaitsForTheTable(first);
            table.execute("INSERT INTO user_features"
                    + " VALUES (4, 0, 0, NULL, NULL, '2026-03-31 11:30:00+00', NULL, false, 10);"
                    + " UPDATE freshet_complete_through SET lsn = '7FFFFFFF/0'");
        }
        ReconcileReport report = comparison.get(30, TimeUnit.SECONDS);
        assertThat(report.isClean()).as("%s", report).isTrue();
        assertThat(report.unverified()).isZero();
    }

    private CompletableFuture<ReconcileReport> begun() {
        return begun(Reconcile.Progress.NONE);
    }

    private CompletableFuture<ReconcileReport> begun(Reconcile.Progress progress) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return reconcile(2, Duration.ofSeconds(20), progress);
            } catch (SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** By the clock of the source's server. */
    private String now() throws SQLException {
        return source.query("SELECT clock_timestamp()").get(0);
    }

    /** The source's end is the last that it asks for before it waits until the table is complete up to there. */
    private String awaitThatItWaitsForTheTable(String before) throws SQLException {
        return awaitOnSource("SELECT (pg_current_wal_insert_lsn()%", before);
    }

    /**
     * Returns when the last statement of the comparison on the source is like this one, and newer.
     *
     * @return when it began
     */
    private String awaitOnSource(String statement, String before) throws SQLException {
        try (Connection observer = sourceDatabase.connect()) {
            String sql = "SELECT query_start::text FROM pg_stat_activity WHERE pid = " + sourcePid + " AND query LIKE '"
                    + statement + "' AND query_start > '" + before + "'";
            // A statement that is made again and again, between others, is the last one for a small part of the time.
            return await("the comparison runs " + statement)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> text(observer, sql), begun -> !begun.isEmpty());
        }
    }

    @Test
    void whatTheTableHasNotHeardOfYetIsUnverified() throws Exception {
        source.order(3, "5", "2026-03-30 12:00:00+00");
        source.user(4);
        source.run("DELETE FROM orders WHERE user_id = 2");
        source.run("DELETE FROM users WHERE id = 2");
        run("UPDATE freshet_complete_through SET lsn = '0/1'");

        ReconcileReport report = reconcile(1_000, Duration.ofMillis(100));

        assertThat(report.isClean()).as("%s", report).isTrue();
        assertThat(report.unverified()).isEqualTo(3);
    }

    @Test
    void someUsersAloneCanBeCompared() throws Exception {
        run("UPDATE user_features SET order_count_7d = 3");
        Reconcile reconcile =
                new Reconcile(SourceTables.standard(), Catalogue.standard(), Pace.STANDARD, Time.system());

        assertThat(reconcile.run(source.connection(), target, List.of("3", "5")).users())
                .containsExactly("3");
    }

    @Test
    void theServiceComparesAgainAndAgainAndTellsHowManyDiffer() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (ReconcileService service = new ReconcileService(config(), Duration.ofMillis(100), Time.system())) {
            service.monitored().measure(meters);
            Gauge mismatches = meters.get("freshet.reconcile.mismatches").gauge();
            assertThat(mismatches.value()).isNaN();
            service.start();
            await("compared").atMost(PATIENCE).until(() -> mismatches.value() == 0);
            run("UPDATE user_features SET order_count_7d = 3 WHERE user_id < 3");
            await("found").atMost(PATIENCE).until(() -> mismatches.value() == 2);
            run("UPDATE user_features SET order_count_7d = 2 WHERE user_id = 1");
            await("mended by half").atMost(PATIENCE).until(() -> mismatches.value() == 1);
        }
    }

    private FreshetConfig config() {
        Map<String, String> settings = new HashMap<>(
                Map.of("kafka.bootstrap.servers", "localhost:1", "schema.registry.url", "http://localhost:1"));
        Map.of("source", sourceDatabase, "target", targetDatabase).forEach((side, database) -> {
            settings.put(side + ".url", database.jdbcUrl());
            settings.put(side + ".user", database.user());
            settings.put(side + ".password", database.password());
        });
        return FreshetConfig.of(settings);
    }

    @Test
    void whereNothingIsCompleteNothingIsCompared() throws Exception {
        run("DELETE FROM freshet_complete_through");
        assertThatThrownBy(this::reconcile).isInstanceOf(Stop.Operator.class).hasMessageContaining("no generation");
        run("DROP TABLE freshet_complete_through");
        assertThatThrownBy(this::reconcile)
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("has no freshet_complete_through");
    }
}
