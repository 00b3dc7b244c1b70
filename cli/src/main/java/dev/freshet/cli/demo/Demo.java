package dev.freshet.cli.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

import dev.freshet.cli.demo.DemoOptions.ShopOptions;
import dev.freshet.ops.truth.TruthFunction;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.MonitoringSettings.Listener;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.monitoring.Monitoring;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.EmbeddedServers;
import dev.freshet.testkit.servers.StartupEvent.Step;

/** Starts servers, shop and pipeline, runs a {@link Session} on them, and stops them in reverse. */
public final class Demo {
    private static final String DATABASE = "shop";
    /** Servers, shop, and what is waited for after that. */
    private static final int STEPS = 2 + Readiness.STEPS;
    /** Few: each of them is ticked all the time, and the machine may be small. */
    private static final String PARTITIONS = "4";

    private static final int LONGEST_LINE = 99;

    private final DemoOptions options;
    private final Screen screen;
    private final Time time;
    private final StopSignal stop = new StopSignal();

    /** @param columns of the terminal that out is; empty if what is written to it cannot be drawn over */
    public Demo(DemoOptions options, PrintWriter out, OptionalInt columns, Time time) {
        this.options = options;
        this.screen = new Screen(out, columns);
        this.time = time;
    }

    /** Asks it to end; returns at once. */
    public void stop() {
        screen.keep();
        screen.line("stopping");
        stop.ask();
    }

    /** Returns when all is stopped: 0, or 1 if the table was not the truth at the end. */
    public int run() throws Exception {
        StartProgress progress = new StartProgress(screen, STEPS, time);
        Path directory = options.dataDirectory();
        Files.createDirectories(directory);
        try (EmbeddedServers servers = new EmbeddedServers(directory, options.portBase())) {
            start(servers, progress);
            if (stop.isAsked()) {
                return 0;
            }
            Doors doors = Doors.of(servers, servers.postgres().createDatabase(DATABASE), directory);
            FreshetConfig config = config(doors);
            Database database = new Database(
                    config.target().login(), config.target().schema(), "freshet-demo", Timeouts.standard());
            progress.next("preparing the shop");
            try (Connection connection = database.open()) {
                prepareShop(connection, config, progress);
                return run(new Session(options, config, database, screen, time), connection, doors, progress);
            }
        } finally {
            screen.keep();
        }
    }

    private int run(Session session, Connection connection, Doors doors, StartProgress progress) throws Exception {
        try (Pipeline pipeline = new Pipeline(session.config());
                Monitoring monitoring = Monitoring.start(session.config(), Listener.ALL, pipeline.services(), time)) {
            pipeline.start();
            Readiness readiness = new Readiness(connection, session.config().names(), progress, time);
            if (!readiness.await(pipeline, stop)) {
                return 0;
            }
            progress.done("ready");
            announce(doors.serving(pipeline.servingUrl()), monitoring.url(), connection);
            return session.run(connection, pipeline, stop);
        } finally {
            removeInfo();
        }
    }

    private void start(EmbeddedServers servers, StartProgress progress) {
        progress.next("starting PostgreSQL, Kafka and the schema registry");
        AtomicInteger ready = new AtomicInteger();
        servers.start(event -> {
            if (event.step() == Step.READY) {
                progress.at(ready.incrementAndGet() / 3.0, event.server() + " is up");
            }
        });
    }

    private FreshetConfig config(Doors doors) {
        Map<String, String> settings = new LinkedHashMap<>(doors.info().settings());
        settings.put("kafka.partitions", PARTITIONS);
        int port = options.portBase() == 0 ? 0 : options.portBase() + DemoOptions.SERVER_PORTS;
        settings.put("monitoring.port", Integer.toString(port));
        settings.put("serving.port", Integer.toString(port == 0 ? 0 : port + 1));
        return FreshetConfig.of(settings);
    }

    private void prepareShop(Connection connection, FreshetConfig config, StartProgress progress) throws SQLException {
        Shop.ensureTables(connection);
        TruthFunction.of(config).install(connection);
        if (options.shop().isPresent() && Shop.isEmpty(connection)) {
            ShopOptions shop = options.shop().get();
            Draws draws = new Draws(new SplittableRandom(shop.seed()));
            new Seed(draws, time.now()).fill(connection, shop.users(), progress);
        }
    }

    private void announce(Doors doors, String monitoring, Connection connection) throws SQLException, IOException {
        screen.line("the shop has %,d users and %,d orders; readers see generation %d"
                .formatted(
                        Shop.users(connection),
                        Shop.orders(connection),
                        TableReader.read(connection).map(TableState::generation).orElse(0)));
        screen.line("data and logs: " + options.dataDirectory());
        options.shop().ifPresent(this::announceTraffic);
        screen.line("kafka: %s   schema registry: %s"
                .formatted(doors.info().bootstrapServers(), doors.info().schemaRegistryUrl()));
        screen.line("lookups: " + doors.info().more().get(Doors.SERVING));
        screen.line("health and metrics: %1$s/ready %1$s/metrics".formatted(monitoring));
        screen.line("psql:  " + doors.psql());
        if (options.info().isPresent()) {
            doors.info().write(options.info().get());
            screen.line("info:  " + options.info().get());
        }
        if (Shop.isEmpty(connection)) {
            screen.line("begin: INSERT INTO users (email) VALUES ('you@example.com')");
        }
        new NextCommands(options.info(), options.dataDirectory())
                .whileItRuns(doors.info(), Shop.anyUser(connection))
                .forEach(screen::line);
    }

    private void announceTraffic(ShopOptions shop) {
        String traffic = "traffic: %,d rows/s, seed %d: %s".formatted(shop.rate(), shop.seed(), Kind.mix());
        Screen.wrapped(traffic, LONGEST_LINE, " ".repeat("traffic: ".length())).forEach(screen::line);
    }

    /** Ports and password are of this run: whoever reads it later would be misled. Another demo's stays. */
    private void removeInfo() throws IOException {
        if (options.info().isPresent() && Doors.isOfThisProcess(options.info().get())) {
            Files.deleteIfExists(options.info().get());
        }
    }
}
