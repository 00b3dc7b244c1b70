package dev.freshet.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.schemas.record.IngestPosition;

/** What ingest makes of the register of generations while it feeds. */
class GenerationChoiceIT {
    private static final String INCOMPLETE = "its snapshot was not completed";

    private Deployment deployment;
    private Connection connection;
    private Generations register;
    private GenerationChoice choice;

    @BeforeEach
    void begin() throws Exception {
        deployment = new Deployment();
        connection = deployment.database.connect();
        register = new Generations(connection);
        choice = new GenerationChoice(deployment.config(), new IngestPosition.Source("source", 1));
        choice.beginIfNone();
        deployment.activate(1);
    }

    @AfterEach
    void end() throws SQLException {
        choice.close();
        connection.close();
    }

    private List<Integer> fed() throws SQLException {
        return choice.fedLogs().stream().map(Generation::number).toList();
    }

    private void sql(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void aLogEndsOnlyIfTheRegisterSaysSo() throws SQLException {
        assertThat(fed()).containsExactly(1);
        register.allocateReplayFromSource(0, 3, "source");
        assertThat(fed()).containsExactly(1, 2);
        sql("ALTER TABLE freshet_generation RENAME TO being_restored");
        assertThat(fed()).containsExactly(1, 2);
        sql("ALTER TABLE being_restored RENAME TO freshet_generation");
        sql("DELETE FROM freshet_generation WHERE generation = 2");
        assertThat(fed()).as("as an older register has it").containsExactly(1, 2);
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'freshet-ingest'"
                + " AND datname = current_database()");
        assertThat(choice.fedLogsIfTold()).hasSize(2);
        register.allocateReplayFromSource(1, 3, "source");
        assertThat(choice.giveUp(2, "in a test")).isTrue();
        assertThat(fed()).containsExactly(1);
        assertThat(choice.giveUp(1, "it is live")).isFalse();
        assertThat(fed()).containsExactly(1);
    }

    @Test
    void aReplayWhoseSnapshotIsNotCompletedThreeTimesIsNotBegunAgain() throws SQLException {
        Generation build = register.allocateReplayFromSource(0, 3, "source");
        for (int number = 3; number <= 4; number++) {
            choice.replace(build, number == 3 ? INCOMPLETE : "its first position is lost");
            build = register.find(number).orElseThrow();
            assertThat(build.isReplayBuilding()).isTrue();
            assertThat(build.log().number()).isEqualTo(number);
        }
        choice.replace(build, INCOMPLETE);
        assertThat(register.newest().orElseThrow())
                .matches(last -> last.number() == 4 && last.state() == GenerationState.ABANDONED);
        assertThat(fed()).containsExactly(1);
        build = register.allocateReplayFromSource(0, 3, "source");
        assertThat(build.number()).as("if somebody begins it").isEqualTo(5);
        choice.replace(build, INCOMPLETE);
        assertThat(register.find(6).orElseThrow().isReplayBuilding())
                .as("whose tries count from the first")
                .isTrue();
    }

    @Test
    void whatBecomesLiveByItselfIsBegunAgainForAsLongAsItTakes() throws SQLException {
        Generation next = register.allocateInPlaceOfAll(0, 3, "source");
        for (int number = 3; number <= 6; number++) {
            choice.replace(next, INCOMPLETE);
            next = register.find(number).orElseThrow();
            assertThat(next.state()).isEqualTo(GenerationState.BUILDING);
        }
    }
}
