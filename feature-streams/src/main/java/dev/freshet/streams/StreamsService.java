package dev.freshet.streams;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.LibraryCheck;
import dev.freshet.runtime.generation.Bindings;
import dev.freshet.runtime.generation.BuildPace;
import dev.freshet.runtime.generation.CopyRegister;
import dev.freshet.runtime.generation.ErasureRegister;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationFollower;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.generation.OwnGenerations;
import dev.freshet.runtime.generation.StateCopy;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.DatabaseSession;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.monitoring.Monitored;
import dev.freshet.runtime.monitoring.MonitoredService;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.RegistryClients;

/**
 * The process feature-streams: runs the job of every generation that changes still flow into, and starts and ends jobs as
 * the register of generations says.
 */
public final class StreamsService implements MonitoredService {
    private static final Logger log = LoggerFactory.getLogger(StreamsService.class);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    private final FreshetConfig config;
    private final Time time;
    private final SchemaRegistryClient registry;
    private final StreamsMonitor monitor = new StreamsMonitor();
    private final DatabaseSession target;
    private final GenerationFollower follower;
    private final BuildPace pace;
    private final OwnGenerations own;
    private final TransactionWatch transactions;
    private @Nullable StateDirectoryLock lock;

    /** To be used on the follower's thread. */
    private final Map<Integer, RunningJob> jobs = new HashMap<>();

    private StreamsService(FreshetConfig config, Time time, SchemaRegistryClient registry) {
        this.config = config;
        this.time = time;
        this.registry = registry;
        Database database =
                new Database(config.target().login(), config.target().schema(), "freshet-streams", Timeouts.standard());
        target = new DatabaseSession(database, connection -> new Generations(connection).createTable());
        pace = new BuildPace(time);
        own = new OwnGenerations(config.definition());
        transactions = new TransactionWatch(config, monitor, time);
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
        lock = StateDirectoryLock.take(config.streams().requireStateDir(), config.names());
        transactions.start();
        follower.start();
    }

    @Override
    public CompletionStage<Void> ended() {
        return follower.ended();
    }

    private List<Generation> active() throws SQLException {
        try {
            Generations generations = new Generations(target.connection());
            Bindings bindings = new Bindings(target.connection());
            List<Generation> active = own.among(generations.active(), bindings);
            if (follower.giveUpReplay(generations, active, name())) {
                active = own.among(generations.active(), bindings);
            }
            answerErasures();
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

    /** Tells what jobs keep of state. One that may keep what was erased restores all of its state. */
    private void answerErasures() throws SQLException {
        jobs.keySet().removeIf(number -> !follower.isRunning(number));
        CopyRegister register = new CopyRegister(target.connection());
        for (CopyRegister.Unsettled erasure : register.unsettled()) {
            if (!erasure.wantsCopies()) {
                continue;
            }
            for (int generation : erasure.generations()) {
                RunningJob job = jobs.get(generation);
                if (job == null) {
                    continue;
                }
                List<StateCopy> copies = job.copies();
                if (erasure.endedAs() > 0 && !copies.stream().allMatch(erasure::isClean)) {
                    log.info("state may be older than an erasure, and is restored generation={}", generation);
                    jobs.remove(generation);
                    follower.restart(generation);
                } else if (erasure.askedAt().isPresent()) {
                    for (StateCopy copy : copies) {
                        register.answer(copy, erasure.askedAt().get());
                    }
                }
            }
        }
    }

    private RunningJob startJob(Generation generation) throws InterruptedException {
        RunningJob job = RunningJob.start(
                config,
                generation,
                new RunningJob.Outside(registry, this::erasures),
                pace,
                time,
                new RunningJob.Watchers(monitor, reason -> follower.fail(generation, reason)));
        jobs.put(generation.number(), job);
        return job;
    }

    private long erasures() throws InterruptedException {
        Retry asking = Retry.forever("asking for erasures", Backoff.standard(), SqlFault::isPassing, time);
        try {
            return asking.call(() -> {
                try {
                    return new ErasureRegister(target.connection()).count();
                } catch (SQLException e) {
                    target.close();
                    throw e;
                }
            });
        } catch (SQLException e) {
            throw new Stop.Operator(
                    "the target does not tell of erasures: " + e.getMessage(),
                    "Put it right and start streams again.",
                    e);
        }
    }

    @Override
    public void close() {
        transactions.close();
        follower.close();
        target.close();
        if (lock != null) {
            lock.close();
        }
    }
}
