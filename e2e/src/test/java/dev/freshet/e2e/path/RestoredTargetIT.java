package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.e2e.path.Pipeline.Part;
import dev.freshet.e2e.shop.Shop;
import dev.freshet.ops.reconcile.Pace;
import dev.freshet.ops.reconcile.Reconcile;
import dev.freshet.ops.reconcile.ReconcileReport;
import dev.freshet.ops.reconcile.Reconciliation;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.PostgresServer;
import dev.freshet.testkit.servers.SharedServers;

/** A target on a server of its own, which is lost and restored from a backup: what OPERATIONS.md says under Ends of the road. */
class RestoredTargetIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pace PACE = new Pace(1_000, 0.5, PATIENCE);

    @TempDir
    Path directory;

    private PostgresServer server;
    private Database target;
    private Shop shop;
    private Pipeline pipeline;
    private Map<String, String> environment;

    /** Something was written since the backup. */
    @BeforeEach
    void backUp() throws Exception {
        server = new PostgresServer(directory.resolve("postgres"), 0);
        server.start();
        target = server.createDatabase("features");
        Database source = SharedServers.get().newDatabase();
        shop = new Shop(source, new SplittableRandom(1));
        pipeline = Pipeline.of(SharedServers.get(), source);
        environment = Map.of(
                "FRESHET_TARGET_URL", target.jdbcUrl(),
                "FRESHET_TARGET_USER", target.user(),
                "FRESHET_TARGET_PASSWORD", target.password());
        transact();
        Part.PROCESSES.forEach(part -> pipeline.start(part, environment));
        assertTableIsTheTruth();
        server.stop();
        server.backUp(directory.resolve("backup"));
        server.start();
        transact();
        assertTableIsTheTruth();
    }

    @AfterEach
    void stop() throws SQLException {
        pipeline.close();
        shop.close();
        server.close();
    }

    private void restore() {
        server.killHard();
        server.restore(directory.resolve("backup"));
        server.start();
    }

    @Test
    void allGoesOnByItselfFromThePositionInTheBackup() throws Exception {
        restore();
        assertTableIsTheTruth();
        transact();
        assertTableIsTheTruth();
        assertThat(text("SELECT string_agg(generation || ' ' || state, ', ') FROM freshet_generation"))
                .isEqualTo("1 live");
        for (Part part : Part.PROCESSES) {
            assertThat(pipeline.process(part).isAlive())
                    .as("%s %s", part, pipeline.log())
                    .isTrue();
        }
        assertThat(pipeline.output(Part.SINK)).doesNotContain("guard_rejected");
    }

    @Test
    void aBackupOlderThanSixDaysEndsTheSinkAndTheCommandBuildsTheTableAnew() throws Exception {
        pipeline.kill(Part.SINK);
        restore();
        execute("UPDATE freshet_sink_offset SET updated_at = updated_at - interval '6 days'");
        String complete = text("SELECT lsn FROM freshet_complete_through");
        pipeline.start(Part.SINK, environment);
        assertThat(pipeline.process(Part.SINK).exitCode(PATIENCE)).isEqualTo(78);
        assertThat(pipeline.output(Part.SINK)).contains("6 days old", "freshet replay start --from-source --go-live");
        assertThat(text("SELECT lsn FROM freshet_complete_through"))
                .as("of the table as it was")
                .isEqualTo(complete);

        Pipeline.Ended command = pipeline.run(environment, PATIENCE, "replay", "start", "--from-source", "--go-live");
        assertThat(command.code()).as(command.output()).isZero();
        pipeline.start(Part.SINK, environment);
        await("live")
                .atMost(PATIENCE)
                .until(() -> text("SELECT generation FROM freshet_generation WHERE state = 'live'")
                        .equals("2"));
        transact();
        assertTableIsTheTruth();
        for (Part part : Part.PROCESSES) {
            assertThat(pipeline.process(part).isAlive())
                    .as("%s %s", part, pipeline.log())
                    .isTrue();
        }
    }

    /** Once it has caught up. Source and target are two databases. */
    private void assertTableIsTheTruth() throws Exception {
        await("a table that is complete")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() ->
                        text("SELECT count(*) FROM freshet_complete_through").equals("1"));
        try (Reconciliation reconciliation = Reconciliation.open(pipeline.config(environment), PACE, Time.system())) {
            ReconcileReport report = reconciliation.compare(Reconcile.Progress.NONE);
            assertThat(report)
                    .as("%s %s", report, pipeline.log())
                    .matches(ReconcileReport::isClean, "is clean")
                    .matches(one -> one.checked() > 0, "of some users")
                    .matches(one -> one.unverified() + one.incomplete() == 0, "of all of them");
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = target.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = target.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    private void transact() throws SQLException {
        for (int i = 0; i < 200; i++) {
            shop.transact();
        }
    }
}
