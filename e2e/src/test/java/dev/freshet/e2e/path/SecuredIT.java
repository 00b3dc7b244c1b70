package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.e2e.path.Pipeline.Part;
import dev.freshet.ingest.IngestService;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.Diagnosis;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.lifecycle.Service;
import dev.freshet.runtime.time.Time;
import dev.freshet.streams.StreamsService;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.KafkaServer;
import dev.freshet.testkit.servers.PostgresServer;
import dev.freshet.testkit.servers.ServerCertificate;
import dev.freshet.testkit.servers.SharedServers;

/**
 * The whole path over a PostgreSQL and a Kafka that are reached by TLS only, as users with a password and no more rights than
 * OPERATIONS.md lists; and what it says when one of these is missing.
 */
class SecuredIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final String password = UUID.randomUUID().toString();
    private PostgresServer postgres;
    private KafkaServer kafka;
    private ServerCertificate certificate;
    private Database database;
    private Admin admin;

    @BeforeEach
    void setUp() throws Exception {
        certificate = ServerCertificate.in(directory.resolve("certificate"));
        postgres = PostgresServer.secured(directory.resolve("postgres"), certificate);
        kafka = KafkaServer.secured(directory.resolve("kafka"), certificate);
        postgres.start();
        kafka.start();
        database = postgres.createDatabase("shop");
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        setPassword("freshet", password);
        setPassword("stranger", password);
    }

    @AfterEach
    void tearDown() {
        admin.close();
        kafka.close();
        postgres.close();
    }

    @Test
    void theTableIsTheTruthAndWhatIsRefusedIsSaid() throws Exception {
        try (Shop shop = new Shop(database, new SplittableRandom(1));
                Pipeline pipeline = Pipeline.of(SharedServers.get(), database)) {
            allow("freshet", pipeline.name() + ".");
            transact(shop);
            Part.PROCESSES.forEach(part -> pipeline.start(part, environment("freshet", password)));
            transact(shop);
            Truth.assertTableIsTheTruth(database, pipeline);
            assertThat(connectionsInClearText()).isEmpty();

            Map<String, String> login = environment("freshet", "wrong");
            assertRefused(ingest(pipeline.config(login)), "Kafka refuses the login", "kafka.properties");
            assertRefused(streams(pipeline, login), "Kafka refuses the login", "kafka.properties");
            Map<String, String> rights = environment("stranger", password);
            assertRefused(streams(pipeline, rights), "Kafka denies what Freshet needs", "Rights in Kafka");
            Path other = ServerCertificate.in(directory.resolve("other")).certificate();
            Map<String, String> broker = environment("freshet", password);
            broker.put("FRESHET_KAFKA_PROPERTIES_SSL_TRUSTSTORE_LOCATION", other.toString());
            assertRefused(
                    streams(pipeline, broker), "the TLS of Kafka and ours do not go together", "SSL handshake failed");
            Map<String, String> target = environment("freshet", password);
            target.put("FRESHET_TARGET_URL", url(other));
            assertRefused(streams(pipeline, target), "cannot connect to", "PKIX");
            target.put("FRESHET_TARGET_URL", url(certificate.certificate()).replace("127.0.0.1", "localhost"));
            assertRefused(streams(pipeline, target), "cannot connect to", "localhost could not be verified");

            setPassword("freshet", "changed");
            kafka.restart();
            // The other two find out when what they have under way has timed out, after two minutes.
            assertThat(pipeline.process(Part.SINK).exitCode(PATIENCE)).isEqualTo(ExitCode.OPERATOR.code());
            assertThat(pipeline.process(Part.SINK).output())
                    .contains("stopping exit=78 reason=\"Kafka refuses the login");
        }
    }

    private static void transact(Shop shop) throws SQLException {
        for (int i = 0; i < 200; i++) {
            shop.transact();
        }
    }

    private static Service ingest(FreshetConfig config) {
        return IngestService.of(config, Time.system());
    }

    /** With a state of its own, beside the one that runs. */
    private Service streams(Pipeline pipeline, Map<String, String> environment) {
        Map<String, String> beside = new HashMap<>(environment);
        beside.put("FRESHET_STREAMS_STATE_DIR", directory.resolve("beside").toString());
        return StreamsService.of(pipeline.config(beside), Time.system());
    }

    /** Starts one that must not run. */
    private static void assertRefused(Service service, String... reasons) throws Exception {
        try {
            service.start();
            Throwable failure = service.ended()
                    .handle((done, reason) -> reason)
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(Diagnosis.of(failure)).hasMessageContainingAll(reasons);
            assertThat(ExitCode.of(failure)).isEqualTo(ExitCode.OPERATOR);
        } finally {
            service.close();
        }
    }

    private Map<String, String> environment(String user, String password) {
        return new HashMap<>(Map.of(
                "FRESHET_SOURCE_URL",
                url(certificate.certificate()),
                "FRESHET_TARGET_URL",
                url(certificate.certificate()),
                "FRESHET_KAFKA_BOOTSTRAP_SERVERS",
                kafka.secureBootstrapServers(),
                "FRESHET_KAFKA_PROPERTIES_SECURITY_PROTOCOL",
                "SASL_SSL",
                "FRESHET_KAFKA_PROPERTIES_SASL_MECHANISM",
                "SCRAM-SHA-512",
                "FRESHET_KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                        + password + "\";",
                "FRESHET_KAFKA_PROPERTIES_SSL_TRUSTSTORE_TYPE",
                "PEM",
                "FRESHET_KAFKA_PROPERTIES_SSL_TRUSTSTORE_LOCATION",
                certificate.certificate().toString()));
    }

    private String url(Path trusted) {
        return database.jdbcUrl() + "?sslmode=verify-full&sslrootcert=" + trusted;
    }

    private void setPassword(String user, String password) throws Exception {
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                        user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4_096), password)))
                .all()
                .get();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> admin.describeUserScramCredentials().users().get().contains(user));
    }

    /** What OPERATIONS.md lists under Rights in Kafka. */
    private void allow(String user, String prefix) throws Exception {
        Map<ResourceType, List<AclOperation>> rights = Map.of(
                ResourceType.TOPIC,
                List.of(AclOperation.CREATE, AclOperation.DESCRIBE_CONFIGS, AclOperation.READ, AclOperation.WRITE),
                ResourceType.GROUP,
                List.of(AclOperation.READ),
                ResourceType.TRANSACTIONAL_ID,
                List.of(AclOperation.WRITE));
        List<AclBinding> bindings = rights.entrySet().stream()
                .flatMap(right -> right.getValue().stream()
                        .map(operation -> new AclBinding(
                                new ResourcePattern(right.getKey(), prefix, PatternType.PREFIXED),
                                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW))))
                .toList();
        admin.createAcls(bindings).all().get();
    }

    /** Of Freshet's, Debezium's among them. */
    private List<String> connectionsInClearText() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            ResultSet rows = statement.executeQuery("""
                    SELECT array_agg(application_name) FILTER (WHERE NOT ssl), count(*) FILTER (WHERE ssl)
                    FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                    WHERE application_name ILIKE '%freshet%' OR application_name ILIKE '%debezium%'""");
            rows.next();
            assertThat(rows.getInt(2)).as("connections by TLS").isGreaterThanOrEqualTo(5);
            return rows.getArray(1) == null
                    ? List.of()
                    : List.of((String[]) rows.getArray(1).getArray());
        }
    }
}
