package dev.freshet.runtime.monitoring;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.DatabaseLogin;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.DatabaseSession;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.RegistryClients;

/** How each of the servers is asked. */
final class Looks {
    private static final Logger log = LoggerFactory.getLogger(Looks.class);
    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final int SERVER_ERROR = 500;

    private Looks() {}

    static ServerWatch.Look of(Server server, FreshetConfig config, List<Monitored> parts) {
        return switch (server) {
            case SOURCE ->
                new DatabaseLook(
                        server,
                        database(config.source().login(), config.source().schema()),
                        parts);
            case TARGET ->
                new DatabaseLook(
                        server,
                        database(config.target().login(), config.target().schema()),
                        parts);
            case KAFKA -> new KafkaLook(config);
            case REGISTRY -> new RegistryLook(config);
        };
    }

    private static Database database(DatabaseLogin login, String schema) {
        Duration statement = LIMIT.minusSeconds(1);
        return new Database(login, schema, "freshet-watch", new Timeouts(LIMIT, LIMIT, statement, statement, LIMIT));
    }

    private static final class DatabaseLook implements ServerWatch.Look {
        private final Server server;
        private final List<Monitored> parts;
        private final DatabaseSession session;

        DatabaseLook(Server server, Database database, List<Monitored> parts) {
            this.server = server;
            this.parts =
                    parts.stream().filter(part -> part.needs().contains(server)).toList();
            session = new DatabaseSession(database, connection -> {});
        }

        @Override
        public Optional<Reason> ask() throws SQLException {
            try {
                Connection connection = session.connection();
                boolean standby = isStandby(connection);
                for (Monitored part : parts) {
                    look(part, connection);
                }
                return standby && server == Server.TARGET
                        ? Optional.of(new Reason(Reason.Code.TARGET_READ_ONLY, "the target is a standby"))
                        : Optional.empty();
            } catch (SQLException e) {
                session.close();
                throw e;
            }
        }

        private static boolean isStandby(Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
                row.next();
                return row.getBoolean(1);
            }
        }

        /** A right that is missing, or a count that takes too long, is no reason to call the server away. */
        private void look(Monitored part, Connection connection) throws SQLException {
            try {
                part.look(server, connection);
            } catch (SQLException e) {
                boolean answered = SqlFault.of(e) != SqlFault.WAIT || "57014".equals(e.getSQLState());
                if (!answered) {
                    throw e;
                }
                log.debug("could not look at server={}", server, e);
            }
        }

        @Override
        public void close() {
            session.close();
        }
    }

    private static final class KafkaLook implements ServerWatch.Look {
        private final Map<String, Object> properties;
        private @Nullable Admin open;

        KafkaLook(FreshetConfig config) {
            properties = new HashMap<>(new ClientProperties(config.kafka()).admin("freshet-watch"));
            int millis = (int) LIMIT.toMillis();
            properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
            properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis - 1_000);
        }

        /** Not before it is needed: of a host that nobody knows the client is not even made. */
        private Admin admin() {
            Admin admin = open;
            if (admin == null) {
                admin = Admin.create(properties);
                open = admin;
            }
            return admin;
        }

        @Override
        public Optional<Reason> ask() throws Exception {
            try {
                admin().describeCluster().nodes().get(LIMIT.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IOException("no broker answers: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            if (open != null) {
                open.close(Duration.ZERO);
            }
        }
    }

    private static final class RegistryLook implements ServerWatch.Look {
        private final SchemaRegistryClient client;
        private final String subject;

        RegistryLook(FreshetConfig config) {
            Map<String, Object> properties = new HashMap<>(config.registry().properties());
            properties.put("http.connect.timeout.ms", Long.toString(LIMIT.toMillis()));
            properties.put("http.read.timeout.ms", Long.toString(LIMIT.toMillis()));
            client = RegistryClients.open(config.registry().url(), properties);
            subject = Names.subject(config.names().positions());
        }

        @Override
        public Optional<Reason> ask() throws IOException {
            try {
                client.getAllVersions(subject);
            } catch (RestClientException e) {
                if (e.getStatus() >= SERVER_ERROR) {
                    throw new IOException("the registry answers " + e.getMessage(), e);
                }
            }
            return Optional.empty();
        }

        @Override
        public void close() {
            try {
                client.close();
            } catch (IOException e) {
                log.debug("could not close the registry's client", e);
            }
        }
    }
}
