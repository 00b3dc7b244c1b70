package dev.freshet.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

class SharedServersIT {
    private final SharedServers servers = SharedServers.get();

    @Test
    void areStartedOnceAndGiveEachTestItsOwnDatabaseAndNames() throws Exception {
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

    @Test
    void runWhereTheBuildWasToldTo() throws Exception {
        boolean containers = System.getProperty(SharedServers.WHERE, "embedded").equals("containers");
        assertThat(setting("data_directory"))
                .matches(containers ? "/var/lib/postgresql/.*" : ".*/target/servers/\\d+/postgres/data");
    }

    @Test
    void areSetTheSameWhereverTheyRun() throws Exception {
        for (Map.Entry<String, String> expected :
                PostgresServer.settingsOfAnyServer().entrySet()) {
            assertThat(setting(expected.getKey())).as(expected.getKey()).isEqualTo(expected.getValue());
        }
        assertThat(setting("server_version")).startsWith("17.");
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", servers.kafka().bootstrapServers()))) {
            ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, "1");
            Config settings = admin.describeConfigs(List.of(broker)).all().get().get(broker);
            KafkaServer.settingsOfAnyBroker()
                    .forEach((name, value) ->
                            assertThat(settings.get(name).value()).as(name).isEqualTo(value));
        }
    }

    private String setting(String name) throws SQLException {
        try (Connection connection = servers.postgres().database("postgres").connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('" + name + "')")) {
            row.next();
            return row.getString(1);
        }
    }
}
