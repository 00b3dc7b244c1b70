package dev.freshet.ops.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.erase.Proof.Place;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.repair.RepairRequests;
import dev.freshet.schemas.Id;
import dev.freshet.testkit.servers.SharedServers;

class TargetRowsIT {
    private static final int FED = 2;
    private static final int GIVEN_UP = 1;
    private static final long END = 100;

    private final ErasedUser user = new ErasedUser(Id.of(17), IdType.BIGINT);
    private Connection target;
    private TargetRows rows;

    @BeforeEach
    void create() throws SQLException {
        target = SharedServers.get().newDatabase().connect();
        rows = new TargetRows(target, user);
        try (Statement statement = target.createStatement()) {
            statement.execute("""
                    CREATE TABLE user_features_g2 (user_id bigint, version bigint);
                    CREATE TABLE user_features_history (generation int, user_id bigint, removed boolean, version bigint);
                    CREATE TABLE freshet_sink_waiting (generation int, part int, key bytea, value bytea);
                    CREATE TABLE freshet_sink_lost (generation int, part int, user_id text)""");
        }
        new RepairRequests(target).createTable();
    }

    @AfterEach
    void close() throws SQLException {
        target.close();
    }

    private void entriesOf(int generation) throws SQLException {
        try (PreparedStatement insert =
                target.prepareStatement("INSERT INTO freshet_sink_waiting VALUES (?, 0, ?, ?)")) {
            insert.setInt(1, generation);
            insert.setBytes(2, user.featureKey());
            insert.setBytes(3, "x".getBytes(StandardCharsets.UTF_8));
            insert.executeUpdate();
        }
        try (Statement statement = target.createStatement()) {
            statement.execute("INSERT INTO freshet_sink_lost VALUES (" + generation + ", 0, '17')");
            statement.execute(
                    "INSERT INTO user_features_history VALUES (%1$d, 17, false, 50), (%1$d, 17, false, 150), (%1$d, 18, false, 50)"
                            .formatted(generation));
        }
    }

    private List<String> left(String sql) throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (found.next()) {
                texts.add(found.getString(1));
            }
            return texts;
        }
    }

    @Test
    void whatFollowsFromAUserWhoIsBackIsSpared() throws Exception {
        entriesOf(FED);
        entriesOf(GIVEN_UP);
        try (Statement statement = target.createStatement()) {
            statement.execute("INSERT INTO user_features_g2 VALUES (17, 50), (17, 150), (18, 50)");
        }
        RepairRequests requests = new RepairRequests(target);
        requests.ask(1, List.of("17", "18"), "before");
        long last = requests.askErasure(1, "17", List.of());
        requests.ask(1, List.of("17"), "of the user who is back");

        assertThat(rows.delete(Map.of(FED, END), last)).isEqualTo(8);

        assertThat(left("SELECT user_id || ' ' || version FROM user_features_g2 ORDER BY 1"))
                .containsExactly("17 150", "18 50");
        assertThat(left("SELECT generation || ' ' || user_id || ' ' || version FROM user_features_history ORDER BY 1"))
                .containsExactly("1 18 50", "2 17 150", "2 18 50");
        assertThat(left("SELECT generation::text FROM freshet_sink_waiting")).containsExactly("2");
        assertThat(left("SELECT generation::text FROM freshet_sink_lost")).containsExactly("2");
        assertThat(left("SELECT note FROM freshet_repair ORDER BY id"))
                .containsExactly("before", "of the user who is back");
        assertThat(left("SELECT user_id FROM freshet_repair ORDER BY id")).containsExactly("18", "17");
        assertThat(rows.read()).extracting(Place::name, Place::found).contains(tuple("table freshet_sink_waiting", 1L));
    }
}
