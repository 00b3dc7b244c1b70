package dev.freshet.runtime.generation;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.generation.CopyRegister.Unsettled;
import dev.freshet.runtime.generation.StateCopy.Job;
import dev.freshet.runtime.generation.StateCopy.Keeping;
import dev.freshet.testkit.servers.SharedServers;

class CopyRegisterIT {
    private Connection connection;
    private ErasureRegister erasures;
    private CopyRegister copies;

    @BeforeEach
    void create() throws Exception {
        connection = SharedServers.get().newDatabase().connect();
        new Generations(connection).createTable();
        erasures = new ErasureRegister(connection);
        copies = new CopyRegister(connection);
        assertThat(copies.unsettled()).as("without a register").isEmpty();
        erasures.createTable();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
    }

    private static StateCopy copy(Keeping keeping, long erasures, long fills) {
        return new StateCopy(new Job(1, "one", "life", erasures), 2, true, keeping, fills, Map.of("users", 7L));
    }

    private Unsettled only() throws Exception {
        return copies.unsettled().get(0);
    }

    @Test
    void answersAreToWhatWasAsked() throws Exception {
        erasures.begin(List.of(), List.of(1));
        assertThat(only().askedAt()).isEmpty();
        OffsetDateTime first = copies.ask();
        assertThat(only().askedAt()).contains(first);
        StateCopy copy = copy(Keeping.IN_USE, 0, 1);
        copies.answer(copy, first);
        assertThat(copies.answers(1, 2, first)).containsExactly(Map.entry("one", copy));
        assertThat(copies.answers(1, 3, first)).isEmpty();
        OffsetDateTime second = copies.ask();
        assertThat(copies.answers(1, 2, second))
                .as("answers to what was asked later")
                .isEmpty();
        copies.answer(copy(Keeping.NOTHING, 0, 1), second);
        assertThat(copies.answers(1, 2, second)).containsExactly(Map.entry("one", copy(Keeping.NOTHING, 0, 1)));
    }

    @Test
    void aCopyThatWasFilledMeanwhileIsCleanOnceItIsBegunAnew() throws Exception {
        long id = erasures.begin(List.of(), List.of(1));
        assertThat(only().isClean(copy(Keeping.IN_USE, 0, 5)))
                .as("nothing was compacted")
                .isTrue();
        copies.note(id, List.of(copy(Keeping.IN_USE, 0, 1).mark()));
        assertThat(only().generations()).containsExactly(1);
        assertThat(only().isClean(copy(Keeping.IN_USE, 0, 1))).isTrue();
        assertThat(only().isClean(copy(Keeping.IDLE, 0, 1)))
                .as("it went elsewhere")
                .isTrue();
        assertThat(only().isClean(copy(Keeping.IN_USE, 0, 2)))
                .as("filled again")
                .isFalse();
        assertThat(only().isClean(copy(Keeping.NOTHING, 0, 2))).isTrue();
        long begun = erasures.count();
        assertThat(only().isClean(copy(Keeping.IN_USE, begun, 2)))
                .as("begun meanwhile")
                .isFalse();
        erasures.ended(id);
        assertThat(only().isClean(copy(Keeping.IN_USE, begun, 2))).as("still").isFalse();
        assertThat(only().isClean(copy(Keeping.IDLE, 0, 2))).isFalse();
        assertThat(only().isClean(copy(Keeping.IN_USE, erasures.count(), 2))).isTrue();
        copies.settled(id);
        assertThat(copies.unsettled()).isEmpty();
    }

    @Test
    void aRegisterOfAnOlderVersionIsAddedTo() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE freshet_erasure, freshet_state_copy");
            statement.execute("CREATE TABLE freshet_erasure (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                    + " begun_at timestamptz NOT NULL DEFAULT now(), ended_at timestamptz, topics text[] NOT NULL,"
                    + " keys text[] NOT NULL, before text[] NOT NULL)");
            statement.execute("INSERT INTO freshet_erasure (topics, keys, before) VALUES ('{}', '{}', '{}')");
        }
        assertThat(copies.unsettled()).isEmpty();
        assertThat(erasures.count()).isEqualTo(1);
        erasures.createTable();
        assertThat(copies.unsettled()).as("nobody would tell").isEmpty();
        erasures.ended(erasures.unfinished().get(0).id());
        assertThat(erasures.count()).isEqualTo(2);
    }
}
