package dev.freshet.testkit.servers;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.containers.wait.strategy.WaitStrategy;
import org.testcontainers.lifecycle.Startables;

/**
 * The public images of the three servers, started by Testcontainers with the settings that the embedded ones have, on ports of
 * 127.0.0.1. The registry keeps its schemas in memory: nobody restarts it.
 */
final class ContainerServerSet implements ServerSet {
    private static final int POSTGRES_PORT = 5432;
    private static final int KAFKA_PORT = 9092;
    private static final int REGISTRY_PORT = 8080;
    private static final String USER = "postgres";
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);

    private final String password = UUID.randomUUID().toString();
    private final int postgresPort = Loopback.portOrFree(0);
    private final int kafkaPort = Loopback.portOrFree(0);
    private final int registryPort = Loopback.portOrFree(0);
    private final GenericContainer<?> postgres = postgresContainer();
    private final GenericContainer<?> kafka = kafkaContainer();
    private final GenericContainer<?> registry = registryContainer();

    private ContainerServerSet() {}

    static ContainerServerSet start() {
        ContainerServerSet servers = new ContainerServerSet();
        try {
            Startables.deepStart(servers.postgres, servers.kafka, servers.registry)
                    .join();
            return servers;
        } catch (RuntimeException e) {
            servers.remove();
            throw new ServerStartException("the containers of the test servers did not come up", e);
        }
    }

    @SuppressWarnings("resource") // stopped by remove()
    private GenericContainer<?> postgresContainer() {
        List<String> command = new ArrayList<>(List.of("postgres"));
        PostgresServer.settingsOfAnyServer()
                .forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return container("postgres:17", POSTGRES_PORT, postgresPort)
                .withEnv("POSTGRES_PASSWORD", password)
                .withEnv("POSTGRES_INITDB_ARGS", "-E UTF8 --locale=C")
                .withCommand(command.toArray(String[]::new))
                // The first time it is the server that only its own initialization can reach.
                .waitingFor(patiently(Wait.forLogMessage(".*database system is ready to accept connections.*\\s", 2)));
    }

    @SuppressWarnings("resource") // stopped by remove()
    private GenericContainer<?> kafkaContainer() {
        GenericContainer<?> container = container("apache/kafka:4.3.1", KAFKA_PORT, kafkaPort)
                .withEnv("KAFKA_HEAP_OPTS", "-Xms128m -Xmx512m")
                .waitingFor(patiently(Wait.forLogMessage(".*Kafka Server started.*\\s", 1)));
        kafkaIdentity().forEach((name, value) -> container.withEnv(variable(name), value));
        KafkaServer.settingsOfAnyBroker().forEach((name, value) -> container.withEnv(variable(name), value));
        return container;
    }

    /** The broker talks to itself when it ends a transaction, and cannot reach the port of the host from within. */
    private Map<String, String> kafkaIdentity() {
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                "1",
                "controller.quorum.voters",
                "1@localhost:9094",
                "controller.listener.names",
                "CONTROLLER",
                "inter.broker.listener.name",
                "INSIDE",
                "listeners",
                "OUTSIDE://0.0.0.0:" + KAFKA_PORT + ",INSIDE://localhost:9093,CONTROLLER://localhost:9094",
                "advertised.listeners",
                "OUTSIDE://" + Loopback.HOST + ":" + kafkaPort + ",INSIDE://localhost:9093",
                "listener.security.protocol.map",
                "OUTSIDE:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT");
    }

    /** The variable from which the image makes a line of server.properties. */
    private static String variable(String property) {
        return "KAFKA_" + property.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    @SuppressWarnings("resource") // stopped by remove()
    private GenericContainer<?> registryContainer() {
        return container("apicurio/apicurio-registry:3.0.9", REGISTRY_PORT, registryPort)
                .withEnv("JAVA_TOOL_OPTIONS", "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1")
                .waitingFor(patiently(Wait.forHttp("/apis/ccompat/v7/subjects").forPort(REGISTRY_PORT)));
    }

    private static WaitStrategy patiently(WaitStrategy ready) {
        return ready.withStartupTimeout(START_PATIENCE);
    }

    /** Testcontainers would publish the port on every address of the host, and choose it itself. */
    private static GenericContainer<?> container(String image, int port, int hostPort) {
        return new GenericContainer<>(image).withExposedPorts(port).withCreateContainerCmdModifier(command -> {
            var host = command.getHostConfig();
            if (host == null) {
                throw new ContainerLaunchException("no host configuration of " + image);
            }
            host.withPortBindings(
                    new PortBinding(Binding.bindIpAndPort(Loopback.HOST, hostPort), new ExposedPort(port)));
        });
    }

    @Override
    public DatabaseServer postgres() {
        return name -> new Database(
                name, "jdbc:postgresql://" + Loopback.HOST + ":" + postgresPort + "/" + name, USER, password);
    }

    @Override
    public Broker kafka() {
        return () -> Loopback.HOST + ":" + kafkaPort;
    }

    @Override
    public SchemaRegistry registry() {
        return () -> "http://" + Loopback.HOST + ":" + registryPort + "/apis/ccompat/v7";
    }

    @Override
    public void remove() {
        registry.stop();
        kafka.stop();
        postgres.stop();
    }
}
