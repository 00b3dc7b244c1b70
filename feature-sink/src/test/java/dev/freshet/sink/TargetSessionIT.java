package dev.freshet.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;

class TargetSessionIT {
    @Test
    void aConnectionThatCouldNotBePreparedIsGivenUpAndAnotherIsPrepared() throws Exception {
        List<Connection> prepared = new ArrayList<>();
        try (Deployment deployment = new Deployment()) {
            Database target = new Database(deployment.config().target().login(), "public", "test", Timeouts.standard());
            try (TargetSession session = new TargetSession(target, connection -> {
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
    }
}
