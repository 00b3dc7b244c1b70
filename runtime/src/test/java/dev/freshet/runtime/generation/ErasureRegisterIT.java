package dev.freshet.runtime.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.generation.ErasureRegister.Setting;
import dev.freshet.runtime.generation.ErasureRegister.Unfinished;
import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

class ErasureRegisterIT {
    private static final List<Setting> SETTINGS =
            List.of(new Setting("t", "segment.ms", null), new Setting("t", "delete.retention.ms", "7"));

    private Database database;
    private Connection connection;
    private ErasureRegister register;
    private Generations generations;

    @BeforeEach
    void create() throws Exception {
        database = SharedServers.get().newDatabase();
        connection = database.connect();
        register = new ErasureRegister(connection);
        generations = new Generations(connection);
        generations.createTable();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
    }

    @Test
    void withoutARegisterThereIsNone() throws Exception {
        assertThat(register.count()).isZero();
        assertThat(register.unfinished()).isEmpty();
    }

    @Test
    void whatIsNotEndedIsToldWithItsSettings() throws Exception {
        register.createTable();
        register.createTable();
        long id = register.begin(SETTINGS, List.of());
        assertThat(register.count()).isEqualTo(1);
        assertThat(register.unfinished()).containsExactly(new Unfinished(id, SETTINGS));
        register.ended(id);
        assertThat(register.unfinished()).isEmpty();
        assertThat(register.count()).as("beginnings and ends").isEqualTo(2);
    }

    @Test
    void oneErasesAtATime() throws Exception {
        try (Connection other = database.connect()) {
            assertThat(register.lock()).isTrue();
            assertThat(new ErasureRegister(other).lock()).isFalse();
        }
    }

    @Test
    void aReplayAndACompactionKeepEachOtherAway() throws Exception {
        register.createTable();
        Generation first = generations.allocate(0, 1, "source");
        assertThatThrownBy(() -> register.begin(SETTINGS, List.of())).isInstanceOf(Stop.Operator.class);
        Transaction.run(connection, statement -> generations.activate(first.number()));
        long id = register.begin(SETTINGS, List.of());
        assertThatThrownBy(generations::allocateReplay)
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("a user is being erased");
        register.ended(id);
        assertThat(generations.allocateReplay().number()).isEqualTo(2);
        assertThatThrownBy(() -> register.begin(SETTINGS, List.of()))
                .hasMessageContaining("generation 2 is being built");
    }

    @Test
    void aGenerationFromTheSourceInPlaceOfAllNeedsNothingThatIsCompactedAway() throws Exception {
        register.createTable();
        Generation first = generations.allocate(0, 1, "source");
        Transaction.run(connection, statement -> generations.activate(first.number()));
        register.begin(SETTINGS, List.of());
        assertThat(generations.allocateInPlaceOfAll(1, 1, "source").number()).isEqualTo(2);
    }
}
