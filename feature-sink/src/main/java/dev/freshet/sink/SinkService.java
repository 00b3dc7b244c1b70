package dev.freshet.sink;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Activation;
import dev.freshet.runtime.generation.Bindings;
import dev.freshet.runtime.generation.BuildPace;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationFollower;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.generation.OwnGenerations;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.DatabaseSession;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.runtime.monitoring.Monitored;
import dev.freshet.runtime.monitoring.MonitoredService;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.RegistryClients;
import dev.freshet.sink.sql.HistoryDays;

/**
 * The process feature-sink: writes every generation that changes still flow into, as the register of generations says, turns
 * readers to one that has become complete, and keeps the days of the history.
 */
public final class SinkService implements MonitoredService {
    private static final Logger log = LoggerFactory.getLogger(SinkService.class);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
    private static final Duration DAYS_INTERVAL = Duration.ofMinutes(1);

    private final SinkParts parts;
    private final SinkMonitor monitor;
    private final DatabaseSession session;
    private final HistoryDays days;
    private final Activation activation;
    private final GenerationFollower follower;
    private final BuildPace pace;
    private final OwnGenerations own;
    private long daysDue;
    private int heldBack;

    SinkService(FreshetConfig config, Time time, SchemaRegistryClient registry, WriteHooks hooks) {
        Database target =
                new Database(config.target().login(), config.target().schema(), "freshet-sink", timeouts(config));
        parts = new SinkParts(config, time, registry, target, new SinkMeter(), hooks);
        monitor = new SinkMonitor(config, parts.meter(), time);
        session = new DatabaseSession(target, this::prepare);
        days = new HistoryDays("now()", config.target().historyRetention());
        pace = new BuildPace(time);
        own = new OwnGenerations(config.definition());
        activation = new Activation(config.names(), config.catalogue());
        daysDue = time.nanoTime() + DAYS_INTERVAL.toNanos();
        follower =
                new GenerationFollower("freshet-sink-generations", this::turn, this::startWorker, POLL_INTERVAL, time);
    }

    private static Timeouts timeouts(FreshetConfig config) {
        return new Timeouts(
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                SinkParts.idleTransaction(config));
    }

    private void prepare(Connection connection) throws SQLException {
        Generations generations = new Generations(connection);
        generations.createTable();
        SinkChecks.requireForm(connection, parts.config(), generations.active());
        parts.schema().ensureShared(connection);
    }

    public static SinkService of(FreshetConfig config, Time time) {
        SchemaRegistryClient registry =
                RegistryClients.open(config.registry().url(), config.registry().properties());
        return new SinkService(config, time, registry, WriteHooks.NONE);
    }

    /** What it has done since it started. */
    public SinkMeter meter() {
        return parts.meter();
    }

    @Override
    public Monitored monitored() {
        return monitor;
    }

    @Override
    public String name() {
        return "sink";
    }

    @Override
    public void start() {
        follower.start();
    }

    @Override
    public CompletionStage<Void> ended() {
        return follower.ended();
    }

    /** @return the generations to write */
    private List<Generation> turn() throws SQLException {
        try {
            Connection connection = session.connection();
            Generations generations = new Generations(connection);
            List<Generation> active = own.among(active(generations), new Bindings(connection));
            if (follower.giveUpReplay(generations, active, name())) {
                active = own.among(generations.active(), new Bindings(connection));
            }
            for (Generation generation : active) {
                if (follower.isRunning(generation.number())
                        && generation.state() == GenerationState.BUILDING
                        && generation.livesByItself()) {
                    activate(connection, generation);
                }
            }
            if (active.stream().anyMatch(generation -> follower.isRunning(generation.number()))
                    && parts.time().nanoTime() - daysDue >= 0) {
                keepDays(connection);
                daysDue = parts.time().nanoTime() + DAYS_INTERVAL.toNanos();
            }
            pace.see(active, generations.isReplayComplete(active));
            return active;
        } catch (SQLException e) {
            if (SqlFault.of(e) == SqlFault.WAIT) {
                session.close();
            }
            throw e;
        }
    }

    private static List<Generation> active(Generations generations) throws SQLException {
        List<Generation> active = generations.active();
        boolean isAnyGivenUp = active.stream().anyMatch(Generation::isReplayBuilding)
                && generations.abandonReplaysOlderThan(
                        Topics.OLDEST_POSITION,
                        "not complete after " + Topics.OLDEST_POSITION.toDays()
                                + " days: the removal of what it has read may have been compacted away");
        return isAnyGivenUp ? generations.active() : active;
    }

    private void activate(Connection connection, Generation generation) throws SQLException {
        Optional<Activation.Obstacle> obstacle = activation.obstacle(connection, generation);
        if (obstacle.isPresent()) {
            if (obstacle.get().isComplete() && heldBack != generation.number()) {
                log.info(
                        "complete but not live yet reason=\"{}\"",
                        obstacle.get().reason());
                heldBack = generation.number();
            }
            return;
        }
        try {
            activation
                    .activate(connection, generation.number(), GenerationState.BUILDING)
                    .ifPresent(live -> log.info("live generation={} epoch={}", live.number(), live.epoch()));
        } catch (SQLException e) {
            if (SqlFault.of(e) != SqlFault.RETRY) {
                throw e;
            }
            log.info("a reader holds the view, trying again generation={}", generation.number());
        }
    }

    private void keepDays(Connection connection) throws SQLException {
        days.makeAhead(connection);
        try {
            days.dropOld(connection);
        } catch (SQLException e) {
            if (SqlFault.of(e) != SqlFault.RETRY) {
                throw e;
            }
            log.info("a reader holds an old day of the history, trying again later");
        }
    }

    private RunningWorker startWorker(Generation generation) throws InterruptedException {
        return RunningWorker.start(
                parts, generation, pace.worker(generation.number()), reason -> follower.fail(generation, reason));
    }

    @Override
    public void close() {
        follower.close();
        session.close();
    }
}
