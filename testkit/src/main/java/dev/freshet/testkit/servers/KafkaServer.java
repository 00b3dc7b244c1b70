package dev.freshet.testkit.servers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;

import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.process.OsProcess;

/**
 * One Kafka broker that is its own controller (KRaft), in a child JVM on the class path of this one. Listens on 127.0.0.1
 * only; creates no topics by itself; replication factor 1 everywhere, also for the internal topics.
 */
public final class KafkaServer extends ServerProcess implements Broker {
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final int READY_MILLIS = 5_000;

    /** C2 from six times its thresholds on: a broker that lives for minutes would spend half of them on compiling itself. */
    private static final String[] LATE_C2 = {
        "-XX:Tier4InvocationThreshold=30000",
        "-XX:Tier4MinInvocationThreshold=3600",
        "-XX:Tier4CompileThreshold=90000",
        "-XX:Tier4BackEdgeThreshold=240000"
    };

    private final int port;
    private final int controllerPort;
    private final @Nullable SecureListener secure;
    private final List<FrontedListener> fronted;

    /** A broker with its data in this directory. A port of 0 is a free one, kept over restarts of this object. */
    public KafkaServer(Path directory, int port, int controllerPort) {
        this(directory, port, controllerPort, null, List.of());
    }

    private KafkaServer(
            Path directory,
            int port,
            int controllerPort,
            @Nullable SecureListener secure,
            List<FrontedListener> fronted) {
        super("kafka", directory);
        this.port = Loopback.portOrFree(port);
        this.controllerPort = Loopback.portOrFree(controllerPort);
        this.secure = secure;
        this.fronted = List.copyOf(fronted);
    }

    /**
     * One that listens on a second port as well, with TLS, for users that log in by SCRAM-SHA-512 and may do what ACLs allow them. On
     * the first one everybody may do everything.
     */
    public static KafkaServer secured(Path directory, ServerCertificate certificate) {
        return new KafkaServer(directory, 0, 0, new SecureListener(Loopback.portOrFree(0), certificate), List.of());
    }

    /** What stands before a listener, such as a proxy. */
    @FunctionalInterface
    public interface Front {
        /**
         * @param port where the listener is
         * @return where its clients are to go
         */
        int portBefore(String listener, int port);
    }

    /** One that also listens at a port for each of these names, and sends clients that come there to what stands before it. */
    public static KafkaServer fronted(Path directory, List<String> listeners, Front front) {
        return new KafkaServer(
                directory,
                0,
                0,
                null,
                listeners.stream().map(name -> FrontedListener.of(name, front)).toList());
    }

    /** Where clients of a listener are to go, by its name. */
    public String frontedBootstrapServers(String listener) {
        return fronted.stream()
                .filter(one -> one.name().equals(listener))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no listener " + listener))
                .address();
    }

    /** Where users log in. */
    public String secureBootstrapServers() {
        return Objects.requireNonNull(secure, "a broker that is secured").address();
    }

    public int port() {
        return port;
    }

    @Override
    public String bootstrapServers() {
        return Loopback.HOST + ":" + port;
    }

    @Override
    void prepare() throws IOException {
        Properties properties = new Properties();
        properties.putAll(identity());
        properties.putAll(settingsOfAnyBroker());
        if (secure != null) {
            secure.addTo(properties);
        }
        fronted.forEach(listener -> listener.addTo(properties));
        try (OutputStream out = Files.newOutputStream(propertiesFile())) {
            properties.store(out, null);
        }
    }

    private Map<String, String> identity() {
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                "1",
                "controller.quorum.voters",
                "1@" + Loopback.HOST + ":" + controllerPort,
                "controller.listener.names",
                CONTROLLER_LISTENER,
                "listeners",
                "PLAINTEXT://" + bootstrapServers() + "," + CONTROLLER_LISTENER + "://" + Loopback.HOST + ":"
                        + controllerPort,
                "advertised.listeners",
                "PLAINTEXT://" + bootstrapServers(),
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT",
                "log.dirs",
                directory().resolve("data").toString());
    }

    /** What a broker has wherever it runs: one that is alone, and ends what was killed soon. */
    static Map<String, String> settingsOfAnyBroker() {
        return Map.ofEntries(
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "4"),
                // A killed producer's open transaction is ended within a second of its timeout, not ten.
                Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
                // A producer that begins a transaction while the markers of its last are being written is held for 20
                // ms by default.
                Map.entry("add.partitions.to.txn.retry.backoff.ms", "1"),
                // A restarted broker is refused until the session of the killed one has run out: 9 s by default.
                Map.entry("broker.session.timeout.ms", "3000"),
                Map.entry("broker.heartbeat.interval.ms", "500"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("group.min.session.timeout.ms", "1000"),
                // How long the cleaner rests when it found nothing: 15 s by default, and an erasure waits for it twice.
                Map.entry("log.cleaner.backoff.ms", "2000"),
                // Of the default of 128 MB, most of the heap below would be one compaction buffer.
                Map.entry("log.cleaner.dedupe.buffer.size", "16777216"));
    }

    private Path propertiesFile() {
        return directory().resolve("server.properties");
    }

    @Override
    OsProcess launch(Path logFile) {
        return ChildJvm.running(KafkaBrokerMain.class)
                .jvmOptions("-Xms256m", "-Xmx512m", "-Xmn128m", "-XX:+UseSerialGC", "-D" + mark())
                .jvmOptions(LATE_C2)
                .jvmOptions("-Dlogback.configurationFile=dev/freshet/testkit/servers/broker-logback.xml")
                .arguments(propertiesFile().toString())
                .directory(directory())
                .output(logFile)
                .start()
                .process();
    }

    @Override
    boolean isReady() {
        // An admin client of its own warns about every refused connection, so it is asked only once somebody listens.
        if (!Loopback.accepts(port)) {
            return false;
        }
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, READY_MILLIS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, READY_MILLIS))) {
            return !admin.describeCluster()
                    .nodes()
                    .get(READY_MILLIS, TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while kafka starts", e);
        }
    }

    @Override
    String stopSignal() {
        return "TERM";
    }
}
