package dev.freshet.runtime.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.repair.RepairRequests.Request;
import dev.freshet.testkit.servers.SharedServers;

class RepairRequestsIT {
    private Connection connection;
    private RepairRequests requests;

    @BeforeEach
    void create() throws Exception {
        connection = SharedServers.get().newDatabase().connect();
        requests = new RepairRequests(connection);
        requests.createTable();
        requests.createTable();
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
    }

    private static List<String> users(List<Request> open) {
        return open.stream().map(Request::user).toList();
    }

    @Test
    void whoWasTriedLeastIsNextAndOnlyOfThisLog() throws Exception {
        List<Long> ids = requests.ask(1, List.of("a", "b", "c"), "test");
        requests.ask(2, List.of("d"), "test");
        requests.tried(ids.subList(0, 1));

        assertThat(users(requests.open(1, 2))).containsExactly("b", "c");
        assertThat(users(requests.open(1, 9))).containsExactly("b", "c", "a");
    }

    @Test
    void anErasureIsNoRepair() throws Exception {
        requests.ask(1, List.of("a"), "test");
        byte[] key = {1, 2};
        long id = requests.askErasure(1, "b", List.of(key, key));
        requests.askErasure(2, "c", List.of());

        assertThat(users(requests.open(1, 9))).containsExactly("a");
        assertThat(requests.openErasure(1)).hasValueSatisfying(erasure -> {
            assertThat(erasure.id()).isEqualTo(id);
            assertThat(erasure.user()).isEqualTo("b");
            assertThat(erasure.keys()).containsExactly(key, key);
        });
        requests.done(List.of(id), 9);
        assertThat(requests.openErasure(1)).isEmpty();
        assertThat(requests.openErasure(2).orElseThrow().keys()).isEmpty();
    }

    @Test
    void aRegisterOfAnOlderVersionIsAddedTo() throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE freshet_repair DROP COLUMN keys");
        }
        requests.createTable();
        requests.askErasure(1, "a", List.of());
        assertThat(requests.openErasure(1)).isPresent();
    }

    @Test
    void theOutcomeTellsWhatIsOpenDoneAndRefused() throws Exception {
        List<Long> ids = requests.ask(1, List.of("a", "b", "c", "d"), "test");
        requests.done(ids.subList(0, 2), 77);
        requests.refused(ids.get(2), "too many orders");

        RepairRequests.Outcome outcome = requests.outcome(ids);
        assertThat(outcome).isEqualTo(new RepairRequests.Outcome(1, 2, 77, List.of("user c: too many orders")));
        requests.withdraw(ids);
        assertThat(requests.outcome(ids).open()).isZero();
        assertThat(requests.outcome(ids).done()).isEqualTo(2);
        assertThat(requests.outcome(List.of())).isEqualTo(new RepairRequests.Outcome(0, 0, 0, List.of()));
    }

    @Test
    void anAnswerIsKeptForAWeek() throws Exception {
        List<Long> ids = requests.ask(1, List.of("a", "b"), "test");
        requests.done(ids, 1);
        try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE freshet_repair SET done_at = now() - interval '8 days' WHERE user_id = 'a'");
        }
        requests.ask(1, List.of("c"), "test");
        assertThat(requests.outcome(ids).done()).isEqualTo(1);
    }
}
