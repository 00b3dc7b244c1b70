package dev.freshet.runtime.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.DatabaseLogin;
import dev.freshet.runtime.config.Secret;
import dev.freshet.testkit.servers.SharedServers;

class DatabaseSessionIT {
    @Test
    void aConnectionThatCouldNotBePreparedIsGivenUpAndAnotherIsPreparedAndKept() throws Exception {
        List<Connection> prepared = new ArrayList<>();
        try (DatabaseSession session = new DatabaseSession(emptyDatabase(), connection -> {
            prepared.add(connection);
            if (prepared.size() == 1) {
                throw new SQLException("canceling statement due to lock timeout", "55P03");
            }
        })) {
            assertThatThrownBy(session::connection).hasMessageContaining("lock timeout");
            assertThat(prepared.get(0).isClosed()).isTrue();

            Connection connection = session.connection();

            assertThat(prepared).hasSize(2).last().isSameAs(connection);
            assertThat(session.connection()).isSameAs(connection);
        }
    }

    private static Database emptyDatabase() {
        dev.freshet.testkit.servers.Database empty = SharedServers.get().newDatabase();
        DatabaseLogin login = new DatabaseLogin(empty.jdbcUrl(), empty.user(), new Secret(empty.password()));
        return new Database(login, "public", "freshet-test", Timeouts.standard());
    }
}
