package dev.freshet.e2e.bed;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.freshet.testkit.faults.FaultProxy;
import dev.freshet.testkit.servers.EmbeddedServers;
import dev.freshet.testkit.servers.KafkaServer;
import dev.freshet.testkit.servers.PostgresServer;

/** The ways from the processes to the servers. Each is a proxy of its own; other clients reach the servers without. */
final class Links implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final EmbeddedServers servers;
    private final Map<Link, FaultProxy> proxies;

    private Links(EmbeddedServers servers, Map<Link, FaultProxy> proxies) {
        this.servers = servers;
        this.proxies = Map.copyOf(proxies);
    }

    /** With servers that are not started yet; the broker has a listener for each part, to tell it the right way. */
    static Links of(Path directory, Map<String, String> postgresSettings) {
        Map<Link, FaultProxy> proxies = new LinkedHashMap<>();
        PostgresServer postgres = PostgresServer.with(directory.resolve("postgres"), postgresSettings);
        List<String> listeners = Arrays.stream(Part.values()).map(Enum::name).toList();
        KafkaServer kafka = KafkaServer.fronted(directory.resolve("kafka"), listeners, (listener, port) -> {
            FaultProxy proxy = FaultProxy.to(HOST, port);
            proxies.put(new Link(Part.valueOf(listener), Peer.KAFKA), proxy);
            return proxy.port();
        });
        EmbeddedServers servers = new EmbeddedServers(directory, postgres, kafka);
        for (Link link : Link.all()) {
            switch (link.peer()) {
                case SOURCE, TARGET -> proxies.put(link, FaultProxy.to(HOST, postgres.port()));
                case REGISTRY ->
                    proxies.put(link, FaultProxy.to(HOST, servers.registry().port()));
                case KAFKA -> {}
            }
        }
        return new Links(servers, proxies);
    }

    EmbeddedServers servers() {
        return servers;
    }

    FaultProxy proxy(Link link) {
        FaultProxy proxy = proxies.get(link);
        if (proxy == null) {
            throw new IllegalArgumentException("no link " + link);
        }
        return proxy;
    }

    /** What tells a part to go this way, of a database by its name. */
    Map<String, String> environment(Part part, String database) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (Peer peer : part.peers()) {
            int port = proxy(new Link(part, peer)).port();
            switch (peer) {
                case SOURCE -> environment.put("FRESHET_SOURCE_URL", jdbcUrl(port, database));
                case TARGET -> environment.put("FRESHET_TARGET_URL", jdbcUrl(port, database));
                case KAFKA -> environment.put("FRESHET_KAFKA_BOOTSTRAP_SERVERS", HOST + ":" + port);
                case REGISTRY ->
                    environment.put(
                            "FRESHET_SCHEMA_REGISTRY_URL",
                            servers.registry()
                                    .url()
                                    .replace(":" + servers.registry().port() + "/", ":" + port + "/"));
            }
        }
        return environment;
    }

    private static String jdbcUrl(int port, String database) {
        return "jdbc:postgresql://" + HOST + ":" + port + "/" + database;
    }

    void healAll() {
        proxies.values().forEach(FaultProxy::heal);
    }

    @Override
    public void close() {
        proxies.values().forEach(FaultProxy::close);
    }
}
