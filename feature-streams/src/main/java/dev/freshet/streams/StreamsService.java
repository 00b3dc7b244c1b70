package dev.freshet.streams;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.LibraryCheck;
import dev.freshet.runtime.generation.BuildPace;
import dev.freshet.runtime.generation.ErasureRegister;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationFollower;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.generation.OwnGenerations;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.DatabaseSession;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.monitoring.Monitored;
import dev.freshet.runtime.monitoring.MonitoredService;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.RegistryClients;

/**
 * The process feature-streams: runs the job of every generation that changes still flow into, and starts and ends jobs as
 * the register of generations says.
 */
public final class StreamsService implements MonitoredService {
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    private final FreshetConfig config;
    private final Time time;
    private final SchemaRegistryClient registry;
    private final StreamsMonitor monitor = new StreamsMonitor();
    private final DatabaseSession target;
    private final GenerationFollower follower;
    private final BuildPace pace;
    private final OwnGenerations own;
    private long newestErasure;
    private @Nullable StateDirectoryLock lock;

    private StreamsService(FreshetConfig config, Time time, SchemaRegistryClient registry) {
        this.config = config;
        this.time = time;
        this.registry = registry;
        Database database =
                new Database(config.target().login(), config.target().schema(), "freshet-streams", Timeouts.standard());
        target = new DatabaseSession(database, connection -> new Generations(connection).createTable());
        pace = new BuildPace(time);
        own = new OwnGenerations(config.definition());
        follower = new GenerationFollower(
                "freshet-streams-generations", this::active, this::startJob, POLL_INTERVAL, time);
    }

    /** @throws dev.freshet.runtime.config.ConfigException if the configuration does not say where to keep state, or
     * Kafka Streams would not take it */
    public static StreamsService of(FreshetConfig config, Time time) {
        config.streams().requireStateDir();
        check().require(config.kafka().properties());
        SchemaRegistryClient registry =
                RegistryClients.open(config.registry().url(), config.registry().properties());
        return of(config, time, registry);
    }

    static StreamsService of(FreshetConfig config, Time time, SchemaRegistryClient registry) {
        return new StreamsService(config, time, registry);
    }

    /** What Kafka Streams would refuse of a configuration. */
    public static LibraryCheck check() {
        return StreamsProperties.check();
    }

    @Override
    public Monitored monitored() {
        return monitor;
    }

    @Override
    public String name() {
        return "streams";
    }

    @Override
    public void start() {
        lock = StateDirectoryLock.take(config.streams().requireStateDir());
        follower.start();
    }

    @Override
    public CompletionStage<Void> ended() {
        return follower.ended();
    }

    private List<Generation> active() throws SQLException {
        try {
            Generations generations = new Generations(target.connection());
            newestErasure = new ErasureRegister(target.connection()).newest();
            List<Generation> active = own.among(generations.active(), generations);
            pace.see(active, generations.isReplayComplete(active));
            monitor.wants((int) active.stream()
                    .filter(generation -> !follower.isLeftAlone(generation.number()))
                    .count());
            return active;
        } catch (SQLException e) {
            target.close();
            throw e;
        }
    }

    private RunningJob startJob(Generation generation) throws InterruptedException {
        return RunningJob.start(
                config,
                generation,
                new RunningJob.Outside(registry, newestErasure),
                pace,
                time,
                new RunningJob.Watchers(monitor, reason -> follower.fail(generation, reason)));
    }

    @Override
    public void close() {
        follower.close();
        target.close();
        if (lock != null) {
            lock.close();
        }
    }
}
