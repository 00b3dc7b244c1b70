package dev.freshet.e2e.bed;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.freshet.e2e.process.Patience;
import dev.freshet.e2e.shop.Shop;
import dev.freshet.e2e.watch.Journal;
import dev.freshet.e2e.watch.Watch;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.testkit.faults.FaultProxy;
import dev.freshet.testkit.process.OsProcess;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.EmbeddedServer;
import dev.freshet.testkit.servers.EmbeddedServers;

/**
 * The whole system, on servers of its own: one PostgreSQL that is both source and target, one broker, a registry; each process in a
 * JVM of its own behind links that can fail; a shop that changes all the time; and readers that look on.
 */
public final class Bed implements AutoCloseable {
    /** How often what is waited for is looked at. */
    public static final Duration LOOK = Duration.ofMillis(20);

    private static final int WRITERS = 2;
    private static final Duration START = Duration.ofMinutes(3);

    private final Links links;
    private final Time time;
    private final BedTables tables;
    private final BedRole role;
    private final Processes processes;
    private final Load load;
    private final Watch watch;
    private final LogEnds logEnds;
    private final Path yaml;

    private Bed(Links links, Path directory, SplittableRandom random, Time time) throws Exception {
        this.links = links;
        this.time = time;
        Database database = links.servers().postgres().createDatabase("shop");
        tables = new BedTables(database);
        try (Connection connection = database.connect()) {
            Shop.createTables(connection);
            Journal.install(connection);
            tables.fill(connection);
            yaml = BedConfig.write(directory, links.servers(), BedRole.create(database, connection));
        }
        role = new BedRole(tables);
        processes = new Processes(yaml, part -> links.environment(part, database.name()), time);
        load = Load.of(WRITERS, database, random, time);
        watch = Watch.start(database, time);
        logEnds = new LogEnds(config());
    }

    /**
     * Returns when all is ready and the shop changes.
     *
     * @param directory that is missing or empty; all data and logs are in it
     * @param random decides what happens in the shop
     */
    public static Bed start(Path directory, SplittableRandom random, Time time) throws Exception {
        Links links = Links.of(directory, BedConfig.postgresSettings());
        try {
            links.servers().start(event -> {});
            Bed bed = new Bed(links, directory, random, time);
            try {
                bed.load.resume();
                bed.processes.startAll();
                bed.awaitFirstReady();
                return bed;
            } catch (Exception | Error e) {
                bed.close();
                throw e;
            }
        } catch (Exception | Error e) {
            links.close();
            links.servers().close();
            throw e;
        }
    }

    public Time time() {
        return time;
    }

    /** The way from a part to a server. */
    public FaultProxy proxy(Link link) {
        return links.proxy(link);
    }

    public void healLinks() {
        links.healAll();
    }

    public EmbeddedServers servers() {
        return links.servers();
    }

    public Processes processes() {
        return processes;
    }

    public Instance first(Part part) {
        return processes.first(part);
    }

    public Load load() {
        return load;
    }

    public Watch watch() {
        return watch;
    }

    /** The database, for questions and for faults. */
    public BedTables tables() {
        return tables;
    }

    /** The processes' own, in that database. */
    public BedRole role() {
        return role;
    }

    /** The broker's, likewise. */
    public LogEnds logEnds() {
        return logEnds;
    }

    /** What the processes are told, but for the ways that they go. */
    public FreshetConfig config() {
        return FreshetConfig.load(yaml);
    }

    /** Where that stands, for commands. */
    public Path yaml() {
        return yaml;
    }

    public Names names() {
        return config().names();
    }

    public Patience patience(Duration limit) {
        return new Patience(time, limit);
    }

    /** What keeps the processes that are wanted from being ready, by instance; empty if nothing does. */
    public List<String> notReady() {
        return processes.running().stream()
                .flatMap(instance -> instance.reasons().stream()
                        .filter(reason -> !reason.equals("STANDBY"))
                        .map(reason -> instance.name() + " " + reason))
                .toList();
    }

    /** Returns when every part is ready, in one instance at least, and each other instance is or stands by. */
    public void awaitReady(Duration limit) throws Exception {
        patience(limit).until("readiness", LOOK.multipliedBy(10), this::isReady);
    }

    private boolean isReady() {
        return Stream.of(Part.values()).allMatch(this::runs) && notReady().isEmpty();
    }

    /** One that ends for a person to act is not waited for. */
    private void awaitFirstReady() throws Exception {
        patience(START).until("readiness", LOOK.multipliedBy(10), () -> {
            if (!Stream.of(Part.values()).allMatch(this::runs)) {
                throw new IllegalStateException("cannot begin: " + processes.takeEnds());
            }
            return isReady();
        });
    }

    private boolean runs(Part part) {
        return processes.running().stream().anyMatch(instance -> instance.part() == part);
    }

    /** Puts right whatever a fault may have left: servers and processes run, none of them is frozen, and links pass. */
    public void mend() {
        healLinks();
        wakeServers();
        allServers().forEach(EmbeddedServer::start);
        for (Part part : Part.values()) {
            Instance first = first(part);
            first.expectNoEnd();
            first.release();
            if (first.isRunning()) {
                first.life().process().resume();
            }
            first.start();
        }
    }

    private List<EmbeddedServer> allServers() {
        EmbeddedServers servers = servers();
        return List.of(servers.postgres(), servers.kafka(), servers.registry());
    }

    private void wakeServers() {
        for (EmbeddedServer server : allServers()) {
            if (server.isRunning()) {
                OsProcess.of(server.pid()).ifPresent(process -> process.signalWithDescendants("CONT"));
            }
        }
    }

    /** The end of what is committed in the source now. */
    public String sourceEnd() throws SQLException {
        return tables.text("SELECT pg_current_wal_lsn()::text");
    }

    @Override
    public void close() throws Exception {
        wakeServers(); // one that is frozen keeps all others waiting
        watch.close();
        load.close();
        healLinks();
        processes.close();
        logEnds.close();
        links.close();
        links.servers().close();
    }
}
