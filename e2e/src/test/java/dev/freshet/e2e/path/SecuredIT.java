package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
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
import dev.freshet.e2e.shop.Shop;
import dev.freshet.ingest.IngestService;
import dev.freshet.ops.reconcile.Pace;
import dev.freshet.ops.reconcile.Reconcile;
import dev.freshet.ops.reconcile.ReconcileReport;
import dev.freshet.ops.reconcile.Reconciliation;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.Diagnosis;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.lifecycle.Service;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.runtime.time.Time;
import dev.freshet.streams.StreamsService;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.KafkaServer;
import dev.freshet.testkit.servers.PostgresServer;
import dev.freshet.testkit.servers.ServerCertificate;
import dev.freshet.testkit.servers.SharedServers;

/**
 * The whole path over a PostgreSQL and a Kafka that are reached by TLS only, as users with a password and no more rights than
 * OPERATIONS.md lists, in a source that an administrator prepares; and what it says when one of these is missing.
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
        administer("CREATE SCHEMA shop");
        // Of the shop and of who compares; the role names its schemas.
        administer("ALTER ROLE " + database.user() + " IN DATABASE shop SET search_path TO shop, features");
        administer("CREATE ROLE freshet LOGIN PASSWORD '" + password + "'");
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
            prepareSource(pipeline);
            transact(shop);
            Part.PROCESSES.forEach(part -> pipeline.start(part, environment("freshet", password)));
            transact(shop);
            FreshetConfig config = pipeline.config(environment("freshet", password));
            Truth.assertTableIsTheTruth(database, pipeline, SourceTables.of(config.source()));
            assertThat(connectionsInClearText()).isEmpty();
            try (Reconciliation reconciliation = Reconciliation.open(config, Pace.STANDARD, Time.system())) {
                assertThat(reconciliation.compare(Reconcile.Progress.NONE))
                        .matches(ReconcileReport::isClean, "is clean");
            }

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

    /** What an administrator runs: the rights that OPERATIONS.md prints, and then what the doctor prints to a role that has no others. */
    private void prepareSource(Pipeline pipeline) throws Exception {
        for (String statement : printedRights()) {
            administer(statement);
        }
        List<Doctor.Finding> missing = Doctor.errors(pipeline, environment("freshet", password), 1);
        assertThat(missing)
                .extracting(Doctor.Finding::what)
                .satisfiesExactly(
                        what -> assertThat(what)
                                .contains("shop.orders has a replica identity that does not hold user_id"),
                        what -> assertThat(what).startsWith("There is no publication "));
        for (Doctor.Finding finding : missing) {
            administer(finding.cure());
        }
        assertThat(Doctor.errors(pipeline, environment("freshet", password), 0)).isEmpty();
    }

    private static List<String> printedRights() throws IOException {
        String text = Files.readString(Path.of("..", "OPERATIONS.md"));
        int begin = text.indexOf("\n### Rights in PostgreSQL\n");
        List<String> printed = text.substring(begin, text.indexOf("\n### ", begin + 1))
                .lines()
                .filter(line -> line.startsWith("    "))
                .map(String::strip)
                .toList();
        assertThat(printed)
                .anyMatch(statement -> statement.startsWith("GRANT SELECT"))
                .anyMatch(statement -> statement.startsWith("CREATE SCHEMA"));
        return printed;
    }

    private void administer(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
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

    /** @param user of Kafka */
    private Map<String, String> environment(String user, String password) {
        Map<String, String> environment = new HashMap<>(Map.of(
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
        for (String side : List.of("SOURCE", "TARGET")) {
            environment.put("FRESHET_" + side + "_USER", "freshet");
            environment.put("FRESHET_" + side + "_PASSWORD", this.password);
        }
        environment.put("FRESHET_SOURCE_SCHEMA", "shop");
        environment.put("FRESHET_SOURCE_SETUP", "false");
        environment.put("FRESHET_TARGET_SCHEMA", "features");
        return environment;
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
