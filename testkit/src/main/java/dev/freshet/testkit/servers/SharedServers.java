package dev.freshet.testkit.servers;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One set of servers for all tests of a JVM: started at the first use, stopped and deleted when the JVM ends. Tests keep apart by
 * databases and names of their own; a test that kills a server starts its own {@link EmbeddedServers}. The system property
 * {@value #WHERE} says what they are: {@code embedded} processes, the default, or {@code containers}.
 */
public final class SharedServers {
    static final String WHERE = "freshet.servers";
    private static @Nullable SharedServers instance;

    private final ServerSet servers;
    private final AtomicInteger names = new AtomicInteger();

    private SharedServers(ServerSet servers) {
        this.servers = servers;
    }

    /** The set of this JVM; a {@link ServerStartException} when it does not come up. */
    public static synchronized SharedServers get() {
        if (instance == null) {
            ServerSet servers = start(System.getProperty(WHERE, "embedded"));
            Runtime.getRuntime().addShutdownHook(new Thread(servers::remove, "server-stop"));
            instance = new SharedServers(servers);
        }
        return instance;
    }

    private static ServerSet start(String where) {
        return switch (where) {
            case "embedded" -> EmbeddedServerSet.start();
            case "containers" -> ContainerServerSet.start();
            default -> throw new IllegalArgumentException(WHERE + " is neither embedded nor containers: " + where);
        };
    }

    public DatabaseServer postgres() {
        return servers.postgres();
    }

    public Broker kafka() {
        return servers.kafka();
    }

    public SchemaRegistry registry() {
        return servers.registry();
    }

    /** A new, empty database. */
    public Database newDatabase() {
        return postgres().createDatabase(uniqueName("test").replace('-', '_'));
    }

    /** A name that no other test of this JVM's servers uses: for topics, groups, application ids, subjects and slots. */
    public String uniqueName(String prefix) {
        return prefix + "-" + names.incrementAndGet();
    }
}
