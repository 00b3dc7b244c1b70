package dev.freshet.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SharedServersIT {
    @Test
    void areStartedOnceAndGiveEachTestItsOwnDatabaseAndNames() throws Exception {
        SharedServers servers = SharedServers.get();
        assertThat(SharedServers.get()).isSameAs(servers);

        Database first = servers.newDatabase();
        Database second = servers.newDatabase();
        assertThat(first.name()).isNotEqualTo(second.name());
        try (Connection connection = second.connect()) {
            assertThat(connection.getCatalog()).isEqualTo(second.name());
        }

        servers.kafka().createTopic(servers.uniqueName("topic"), 3, Map.of());
        servers.kafka().createTopic(servers.uniqueName("topic"), 3, Map.of());
    }
}
