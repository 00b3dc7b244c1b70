package dev.freshet.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.check.FedGenerations;
import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.lifecycle.Stop;

/** Bad inputs, row 46: the sink refuses before it writes, and the doctor tells before the sink is started. */
class SinkChecksIT {
    private Deployment deployment;

    @BeforeEach
    void deploy() throws Exception {
        deployment = new Deployment();
    }

    @AfterEach
    void undeploy() throws Exception {
        deployment.close();
    }

    @Test
    void aTableOfTheReadersOwnNameEndsTheSinkBeforeItWrites() throws Exception {
        deployment.run("CREATE TABLE user_features (user_id bigint)");
        SinkService sink = deployment.startSink();
        Awaitility.await("the end")
                .atMost(Duration.ofSeconds(30))
                .until(() -> sink.ended().toCompletableFuture().isDone());
        assertThat(sink.ended().toCompletableFuture())
                .isCompletedExceptionally()
                .failsWithin(Duration.ofSeconds(1))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(Stop.Operator.class)
                .withMessageContaining("public.user_features is a table, and Freshet's is a view. ALTER TABLE"
                        + " public.user_features RENAME TO user_features_before;");
        assertThat(deployment.query("SELECT to_regclass('user_features_g1')")).containsExactly("-");
    }

    @Test
    void aSchemaThatIsMissingIsToldAndMadeWhereThatIsAskedFor() throws Exception {
        Map<String, String> settings = new HashMap<>(deployment.settings("test"));
        settings.put("target.schema", "features");
        SinkChecks checks = new SinkChecks(FreshetConfig.of(settings), List.of());
        assertThat(checks.find())
                .extracting(Finding::cure)
                .anyMatch(cure -> cure.startsWith("CREATE SCHEMA \"features\";"));
        assertThat(fixed(checks)).containsExactly("CREATE SCHEMA \"features\";");
        assertThat(checks.find()).isEmpty();
        assertThat(fixed(checks)).isEmpty();
    }

    /** Its columns are right for them: whoever "mended" them would lose it. */
    @Test
    void aGenerationOfOtherFeaturesIsToldAndNotItsColumns() throws Exception {
        SinkService sink = deployment.startSink();
        deployment.features(1).row(7, 1).watermarks(1).commit();
        Awaitility.await("live").atMost(Duration.ofSeconds(30)).until(() -> deployment
                .query("SELECT state FROM freshet_generation")
                .equals(List.of("live")));
        sink.close();
        Map<String, String> settings = new HashMap<>(deployment.settings("test"));
        settings.put("features.0.name", "orders_ever");
        settings.put("features.0.aggregate", "count");
        FreshetConfig other = FreshetConfig.of(settings);
        assertThat(new SinkChecks(other, FedGenerations.of(other)).find())
                .extracting(Finding::what)
                .containsExactly("Generation 1 was begun with other features or source tables");
    }

    @Test
    void aViewThatReadersNameAndIsGoneIsToldAndTheSinkMakesItAnew() throws Exception {
        SinkService first = deployment.startSink();
        deployment.features(1).row(7, 1).watermarks(1).commit();
        String read = "SELECT user_id, version FROM user_features";
        Deployment.await("live")
                .untilAsserted(() -> assertThat(deployment.query(read)).containsExactly("7|1"));
        first.close();
        deployment.run("DROP VIEW user_features");
        assertThat(errors()).containsExactly("There is no view user_features, and readers of generation 1 name it");
        assertThat(new SinkChecks(deployment.config(), FedGenerations.of(deployment.config())).find())
                .extracting(Finding::cure)
                .anyMatch(cure -> cure.endsWith("GRANT SELECT ON user_features TO ...;"));

        deployment.startSink();
        Deployment.await("made anew")
                .untilAsserted(() -> assertThat(deployment.query(read)).containsExactly("7|1"));
        assertThat(errors()).isEmpty();
    }

    @Test
    void aTableThatReadersSeeAndIsGoneIsToldAndNotItsViewsAndTheCureIsToBuildItAnew() throws Exception {
        SinkService sink = deployment.startSink();
        deployment.features(1).row(7, 1).watermarks(1).commit();
        Deployment.await("live")
                .untilAsserted(() -> assertThat(deployment.query("SELECT state FROM freshet_generation"))
                        .containsExactly("live"));
        sink.close();
        deployment.run("DROP TABLE user_features_g1 CASCADE");
        assertThat(new SinkChecks(deployment.config(), FedGenerations.of(deployment.config())).find())
                .filteredOn(Finding::isError)
                .containsExactly(new Finding(
                        "Table user_features_g1 is gone, which generation 1, the live one, was written to",
                        Generations.REBUILD));
    }

    private List<String> errors() throws SQLException {
        return new SinkChecks(deployment.config(), FedGenerations.of(deployment.config()))
                .find().stream().filter(Finding::isError).map(Finding::what).toList();
    }

    @Test
    void aTargetThatMayOnlyBeReadIsTold() throws Exception {
        deployment.run("ALTER DATABASE "
                + deployment.query("SELECT current_database()").get(0) + " SET default_transaction_read_only = on");
        assertThat(new SinkChecks(deployment.config(), List.of()).find())
                .extracting(Finding::what)
                .singleElement()
                .asString()
                .contains("are read-only");
    }

    private static List<String> fixed(SinkChecks checks) throws SQLException {
        List<String> done = new ArrayList<>();
        checks.fix(done::add);
        return done;
    }
}
