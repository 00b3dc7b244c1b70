package dev.freshet.runtime.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.DatabaseLogin;
import dev.freshet.runtime.config.Secret;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.testkit.servers.SharedServers;

class GenerationsIT {
    private static final int CALLERS = 8;

    private Database database;

    @BeforeEach
    void emptyDatabase() {
        dev.freshet.testkit.servers.Database empty = SharedServers.get().newDatabase();
        DatabaseLogin login = new DatabaseLogin(empty.jdbcUrl(), empty.user(), new Secret(empty.password()));
        database = new Database(login, "public", "freshet-test", Timeouts.standard());
    }

    @Test
    void manyCreateTheTableAtOnceAndOnlyOneAllocates() throws Exception {
        List<Callable<Boolean>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            callers.add(() -> {
                try (Connection connection = database.open()) {
                    Generations generations = new Generations(connection);
                    generations.createTable();
                    generations.allocate(0, 4, "7123");
                    return true;
                } catch (Stop.Restart e) {
                    return false;
                }
            });
        }
        ExecutorService pool = Executors.newFixedThreadPool(CALLERS);
        int allocated = 0;
        try {
            for (Future<Boolean> result : pool.invokeAll(callers)) {
                allocated += result.get() ? 1 : 0;
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(allocated).isEqualTo(1);
        try (Connection connection = database.open()) {
            assertThat(new Generations(connection).active())
                    .containsExactly(
                            new Generation(1, GenerationState.BUILDING, 0, new Generation.Log(1, 4, "7123"), true, ""));
        }
    }

    @Test
    void theEpochRisesByOneAtEverySwapAndRollback() throws SQLException {
        try (Connection connection = database.open()) {
            Generations generations = withTable(connection);
            assertThat(generations.newest()).isEmpty();
            assertThat(generations.live()).isEmpty();

            generations.allocate(0, 4, "7123");
            assertThat(activate(connection, 1).epoch()).isEqualTo(1);
            generations.allocateReplay();
            assertThat(activate(connection, 2).epoch()).isEqualTo(2);
            assertThat(states(generations)).as("what is fed").containsExactly("1 STANDBY 1", "2 LIVE 2");

            assertThat(activate(connection, 1).epoch()).isEqualTo(3);
            assertThat(states(generations)).as("what is fed").containsExactly("1 LIVE 3", "2 STANDBY 2");
            assertThat(generations.live().orElseThrow().number()).isEqualTo(1);
        }
    }

    @Test
    void aReplayReadsTheLogOfTheLiveOneAndBecomesLiveOnlyByASwap() throws SQLException {
        try (Connection connection = database.open()) {
            Generations generations = withTable(connection);
            assertThatThrownBy(generations::allocateReplay).isInstanceOf(Stop.Operator.class);
            generations.allocate(0, 4, "7123");
            assertThatThrownBy(generations::allocateReplay).hasMessageContaining("generation 1 is being built");
            activate(connection, 1);

            Generation second = generations.allocateReplay();
            assertThat(second.log()).isEqualTo(new Generation.Log(1, 4, "7123"));
            assertThat(second.livesByItself()).isFalse();
            assertThat(generations.newest()).contains(second);
            assertThatThrownBy(generations::allocateReplay).hasMessageContaining("generation 2 is being built");

            activate(connection, 2);
            generations.drop(1, "");
            assertThat(generations.allocateReplay().log().number()).isEqualTo(1);
            generations.abandon(3, "");
            assertThat(generations.allocateReplayFromSource(0, 8, "7123").log())
                    .isEqualTo(new Generation.Log(4, 8, "7123"));
        }
    }

    @Test
    void aReplayIsGivenUpOnceAndNothingElseIs() throws SQLException {
        try (Connection connection = database.open()) {
            Generations generations = new Generations(connection);
            generations.createTable();
            generations.allocate(0, 4, "7123");
            assertThat(generations.abandonReplay(1, "not a replay")).isFalse();
            activate(connection, 1);
            generations.allocateReplay();
            assertThat(generations.abandonReplay(1, "live")).isFalse();

            assertThat(generations.abandonReplay(2, "its topic is gone")).isTrue();
            assertThat(generations.abandonReplay(2, "again")).isFalse();
            assertThat(generations.find(2).orElseThrow())
                    .extracting(Generation::state, Generation::note)
                    .containsExactly(GenerationState.ABANDONED, "its topic is gone");
            assertThat(generations.active()).extracting(Generation::number).containsExactly(1);
        }
    }

    @Test
    void whatTakesThePlaceOfAllGivesUpWhatIsBuildingAndBecomesLiveByItself() throws SQLException {
        try (Connection connection = database.open()) {
            Generations generations = withTable(connection);
            generations.allocate(0, 4, "7123");
            activate(connection, 1);
            generations.allocateReplay();
            assertThat(generations.fedLogs()).containsExactly(1);

            Generation next = generations.allocateInPlaceOfAll(6, 8, "another");
            assertThat(next.log()).isEqualTo(new Generation.Log(7, 8, "another"));
            assertThat(next.livesByItself()).isTrue();
            assertThat(states(generations)).containsExactly("1 LIVE 1", "7 BUILDING 0");
            assertThat(generations.fedLogs()).containsExactly(1, 7);
            activate(connection, 7);
            assertThat(states(generations)).containsExactly("7 LIVE 2");
        }
    }

    @Test
    void aSnapshotThatIsBegunAnewIsAnotherGenerationOfItsKind() throws SQLException {
        try (Connection connection = database.open()) {
            Generations generations = withTable(connection);
            generations.allocate(0, 4, "7123");
            activate(connection, 1);
            generations.allocateReplayFromSource(4, 8, "7123");

            Generation next = generations.replace(5, "its snapshot was not completed", 7, 16, "8");
            assertThat(next.log()).isEqualTo(new Generation.Log(8, 16, "8"));
            assertThat(next.livesByItself()).isFalse();
            assertThat(states(generations)).containsExactly("1 LIVE 1", "8 BUILDING 0");
            assertThatThrownBy(() -> generations.replace(1, "live", 0, 16, "8")).isInstanceOf(Stop.Restart.class);
        }
    }

    @Test
    void whatReadsALogThatCannotBeGoneOnWithIsGivenUpForTheOneThatFollows() throws SQLException {
        try (Connection connection = database.open()) {
            Generations generations = withTable(connection);
            generations.allocate(0, 4, "7123");
            activate(connection, 1);
            generations.allocateReplay();
            activate(connection, 2);
            generations.allocateReplay();
            generations.allocate(3, 4, "7123");

            activate(connection, 4);
            assertThat(states(generations)).containsExactly("4 LIVE 3");
            assertThat(generations.find(2).orElseThrow().note()).contains("since generation 4");
            generations.drop(2, "dropped");
        }
    }

    @Test
    void aRegisterOfAnOlderVersionIsReadAsItIsAndThenAltered() throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            Generations generations = withTable(connection);
            generations.allocate(0, 4, "7123");
            activate(connection, 1);
            generations.allocateReplay();
            activate(connection, 2);
            statement.execute("ALTER TABLE freshet_generation DROP COLUMN log, DROP COLUMN lives_by_itself");
            statement.execute("DROP TABLE freshet_epoch");

            assertThat(generations.allIfAny())
                    .allSatisfy(one -> assertThat(one.log().number()).isEqualTo(one.number()))
                    .allSatisfy(one -> assertThat(one.livesByItself()).isTrue());

            generations.createTable();
            generations.createTable();
            assertThat(states(generations)).as("nothing feeds the one before").containsExactly("2 LIVE 2");
            assertThat(generations.allocateReplay().log().number()).isEqualTo(2);
            assertThat(epochs(connection)).containsExactly("1 is 1", "2 is 2");
        }
    }

    @Test
    void whoReadSinceWhenStaysKnownHoweverOftenReadersAreTurned() throws SQLException {
        try (Connection connection = database.open()) {
            Generations generations = withTable(connection);
            generations.allocate(0, 4, "7123");
            activate(connection, 1);
            generations.allocateReplay();
            activate(connection, 2);
            activate(connection, 1);

            assertThat(epochs(connection)).containsExactly("1 is 1", "2 is 2", "3 is 1");
        }
    }

    @Test
    void aRolledBackActivationNeverHappened() throws SQLException {
        try (Connection connection = database.open()) {
            Generations generations = withTable(connection);
            generations.allocate(0, 4, "7123");
            assertThatThrownBy(() -> generations.activate(1)).hasMessageContaining("same transaction");
            connection.setAutoCommit(false);
            generations.activate(1);
            connection.rollback();
            connection.setAutoCommit(true);
            assertThat(states(generations)).containsExactly("1 BUILDING 0");
        }
    }

    @Test
    void onlyTheStepsThatMakeSenseAreTaken() throws SQLException {
        try (Connection connection = database.open()) {
            Generations generations = withTable(connection);
            generations.allocate(0, 4, "7123");
            assertThatThrownBy(() -> generations.drop(1, "x")).isInstanceOf(Stop.Restart.class);
            generations.abandon(1, "the snapshot was interrupted");
            assertThat(generations.find(1).orElseThrow().note()).isEqualTo("the snapshot was interrupted");
            assertThat(generations.active()).isEmpty();
            assertThatThrownBy(() -> activate(connection, 1)).isInstanceOf(Stop.Restart.class);

            assertThatThrownBy(() -> generations.allocate(0, 4, "7123"))
                    .isInstanceOf(Stop.Restart.class)
                    .hasMessageContaining("generation 1");
            assertThat(generations.allocate(1, 4, "7123").number()).isEqualTo(2);
            activate(connection, 2);
            assertThatThrownBy(() -> generations.abandon(2, "x")).isInstanceOf(Stop.Restart.class);
            generations.drop(1, "dropped");
            assertThat(generations.find(1).orElseThrow().state()).isEqualTo(GenerationState.DROPPED);
            assertThatThrownBy(() -> generations.drop(9, "x")).hasMessageContaining("not in the register");
        }
    }

    @Test
    void aGenerationIsBoundToTheDefinitionItWasBegunWith() throws SQLException {
        try (Connection connection = database.open()) {
            withTable(connection).allocate(0, 4, "7123");
            Bindings bindings = new Bindings(connection);
            bindings.bind(1, "orders = COUNT(*)");
            bindings.bind(1, "orders = COUNT(*)");
            assertThatThrownBy(() -> bindings.bind(1, "orders = COUNT(*) over PT1H"))
                    .isInstanceOf(Stop.Operator.class)
                    .hasMessageContaining("generation 1")
                    .hasMessageContaining("over PT1H")
                    .hasMessageContaining("new generation");
        }
    }

    @Test
    void generationsOfAnotherDefinitionAreLeftToOthersUnlessThereAreNoneOfOurs() throws SQLException {
        try (Connection connection = database.open()) {
            Generations generations = withTable(connection);
            generations.allocate(0, 4, "7123");
            Bindings bindings = new Bindings(connection);
            bindings.bind(1, "orders = COUNT(*)");
            activate(connection, 1);
            OwnGenerations own = new OwnGenerations("orders = COUNT(*) over PT1H");
            assertThatThrownBy(() -> own.among(generations.active(), bindings))
                    .isInstanceOf(Stop.Operator.class)
                    .hasMessageContaining("generation 1");

            generations.allocate(1, 4, "7123");

            assertThat(own.among(generations.active(), bindings))
                    .extracting(Generation::number)
                    .containsExactly(2);
        }
    }

    @Test
    void aMissingSchemaIsNamedWithTheStatementThatMakesIt() throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path TO nowhere");
            assertThatThrownBy(() -> new Generations(connection).createTable())
                    .isInstanceOf(Stop.Operator.class)
                    .hasMessageContaining("target.schema")
                    .hasMessageContaining("CREATE SCHEMA nowhere");
        }
    }

    @Test
    void aSchemaThatNothingMayBeCreatedInIsNamedWithTheGrant() throws SQLException {
        String role = SharedServers.get().uniqueName("reader").replace('-', '_');
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + role);
            statement.execute("GRANT USAGE ON SCHEMA public TO " + role);
            statement.execute("SET ROLE " + role);
            assertThatThrownBy(() -> new Generations(connection).requireSchema())
                    .isInstanceOf(Stop.Operator.class)
                    .hasMessageContaining("role " + role + " may create no tables")
                    .hasMessageContaining("GRANT USAGE, CREATE ON SCHEMA");
            statement.execute("RESET ROLE");
            new Generations(connection).createTable();
            statement.execute("SET ROLE " + role);
            new Generations(connection).requireSchema();
        }
    }

    private static Generations withTable(Connection connection) throws SQLException {
        Generations generations = new Generations(connection);
        generations.createTable();
        return generations;
    }

    private static Generation activate(Connection connection, int number) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Generation activated = new Generations(connection).activate(number);
            connection.commit();
            return activated;
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** In the order of time. */
    private static List<String> epochs(Connection connection) throws SQLException {
        List<String> epochs = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT epoch || ' is ' || generation FROM freshet_epoch ORDER BY live_from, epoch")) {
            while (rows.next()) {
                epochs.add(rows.getString(1));
            }
        }
        return epochs;
    }

    private static List<String> states(Generations generations) throws SQLException {
        return generations.active().stream()
                .map(generation -> generation.number() + " " + generation.state() + " " + generation.epoch())
                .toList();
    }
}
