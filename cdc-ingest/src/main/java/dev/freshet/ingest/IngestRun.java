package dev.freshet.ingest;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.log.FaultPoint;
import dev.freshet.ingest.source.LeaderLock;
import dev.freshet.ingest.source.Preflight;
import dev.freshet.ingest.source.Slot;
import dev.freshet.ingest.source.SourceCluster;
import dev.freshet.ingest.source.SourceHeartbeat;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.BuildPace;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationFollower;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.record.IngestPosition;

/** One life of an ingest, from waiting for the lock to the end: what is done once, whatever logs are fed. */
final class IngestRun {
    private static final Logger logger = LoggerFactory.getLogger(IngestRun.class);

    /** Longer than whatever we wait for without asking the source for anything. */
    private static final Duration SILENCE_IN_PREPARATION = Duration.ofMinutes(3);

    private static final int FIRST_LOG = 1;
    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final int PROBES_IN_SILENCE = 5;
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final FreshetConfig config;
    private final SchemaRegistryClient registry;
    private final FaultPoint faults;
    private final IngestProgress progress;
    private final Time time;
    private final Database source;
    private volatile @Nullable Logs leading;

    IngestRun(
            FreshetConfig config,
            SchemaRegistryClient registry,
            FaultPoint faults,
            IngestProgress progress,
            Time time) {
        this.config = config;
        this.registry = registry;
        this.faults = faults;
        this.progress = progress;
        this.time = time;
        source = new Database(config.source().login(), config.source().schema(), "freshet-ingest", Timeouts.standard());
    }

    /** Ends by an exception only: an interruption, or the reason. */
    void run() throws Exception {
        // Its session holds the leader's lock, so this connection lives as long as we lead.
        try (Connection connection = connect()) {
            SlotTakeover.requireOurs(connection, config.names());
            KafkaSide kafka = new KafkaSide(config, registry, () -> LeaderLock.stillHere(connection), time);
            // To lead without them would only keep others from leading.
            kafka.awaitBroker();
            kafka.awaitRegistry();
            progress.enter(IngestProgress.Phase.STANDING_BY);
            LeaderLock.acquire(connection, config.names().prefix(), SILENCE_IN_PREPARATION, time);
            progress.enter(IngestProgress.Phase.PREPARING);
            IngestPosition.Source cluster = SourceCluster.identity(connection);
            try (GenerationChoice choice = new GenerationChoice(config, cluster)) {
                choice.requireTarget();
                choice.requireOurs(kafka.newestPosition());
                choice.requireRegister(kafka.newestGeneration());
                List<Generation> logs = choice.fedLogs();
                requireTablesAsBegun(logs, choice, connection, kafka);
                Preflight.Prepared prepared =
                        new Preflight(SourceMapping.of(config), config.source().setup()).prepare(connection);
                choice.beginIfNone();
                giveTheOnlySlotANameOfItsLog(logs, connection, kafka);
                if (!logs.isEmpty()) { // else the register may have been lost, and knows nothing of those that are read
                    dropOthersThan(choice.fedLogs(), connection);
                }
                LogRun.Lead lead = new LogRun.Lead(choice, cluster, prepared, new BuildPace(time));
                lead(new LogRun.Shared(config, faults, source, kafka, lead, time), connection);
            }
        }
    }

    private Connection connect() throws SQLException, InterruptedException {
        return Retry.forever("source", Backoff.standard(), SqlFault::isPassing, time)
                .call(source::open);
    }

    /** Once there could be only one log at a time, and its slot had one name, whatever the log's number. */
    private void giveTheOnlySlotANameOfItsLog(List<Generation> logs, Connection connection, KafkaSide kafka)
            throws Exception {
        Slot only = new Slot(config.names().slot(FIRST_LOG));
        Optional<Slot.State> state = only.state(connection);
        if (logs.size() != 1
                || logs.get(0).number() == FIRST_LOG
                || state.isEmpty()
                || state.get().lost()) {
            return;
        }
        Slot own = new Slot(config.names().slot(logs.get(0).number()));
        if (own.state(connection).isEmpty()) {
            SlotTakeover.free(only, connection, time);
            kafka.fence(config.names().ingestTransactions(FIRST_LOG));
            logger.info("copying slot={} to={}", only.name(), own.name());
            only.copyTo(own, connection);
        }
    }

    /** Of logs that ended while no ingest ran: the source would keep WAL for them for ever. */
    private void dropOthersThan(List<Generation> logs, Connection connection)
            throws SQLException, InterruptedException {
        Set<Integer> fed = logs.stream().map(Generation::number).collect(Collectors.toSet());
        for (int log : Slot.logs(connection, config.names())) {
            if (!fed.contains(log)) {
                SlotTakeover.drop(new Slot(config.names().slot(log)), connection, time);
            }
        }
    }

    /**
     * Before the preflight changes anything: what it repairs looks as if it had never been otherwise. A build is given up, also where
     * its position cannot be read; a log that can be left alone loses its slot, so that it is not gone on with when the tables look again
     * as they did.
     */
    private void requireTablesAsBegun(
            List<Generation> logs, GenerationChoice choice, Connection connection, KafkaSide kafka) throws Exception {
        for (Generation log : logs) {
            try {
                if (kafka.hasSnapshot(log)) {
                    choice.requireTables(log, Preflight.definitions(connection, SourceMapping.of(config)));
                }
            } catch (Stop.Operator e) {
                if (choice.giveUp(log.number(), e.reason())) {
                    continue;
                }
                if (!GenerationFollower.canDoWithout(logs, log.number())) {
                    throw e;
                }
                logger.warn("log={} cannot be gone on with reason={}", log.number(), Quoted.of(e.getMessage()));
                SlotTakeover.drop(new Slot(config.names().slot(log.number())), connection, time);
            }
        }
    }

    private void lead(LogRun.Shared shared, Connection connection) throws Exception {
        try (SourceHeartbeat heartbeat = new SourceHeartbeat(
                        source, SourceMapping.of(config), config.ingest().sourceHeartbeatInterval(), time);
                Logs logs = new Logs(shared, progress, LOOK)) {
            heartbeat.start();
            logs.start();
            leading = logs;
            LeaderLock.releaseWhenSilent(connection, PROBE.multipliedBy(PROBES_IN_SILENCE));
            while (true) {
                try {
                    logs.ended().toCompletableFuture().get(PROBE.toMillis(), TimeUnit.MILLISECONDS);
                    throw new Stop.Restart("nothing is fed any more");
                } catch (TimeoutException e) {
                    heartbeat.requireBeating();
                    stillLeading(connection);
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof Exception reason ? reason : e;
                }
            }
        }
    }

    /**
     * Gives up the replay that is being built on this log, if one is; also where another ingest leads, which finds it so.
     *
     * @return whether nobody depends on the log
     */
    boolean giveUp(int log, String reason) {
        Logs logs = leading;
        if (logs != null) {
            return logs.giveUp(log, reason);
        }
        Database target =
                new Database(config.target().login(), config.target().schema(), "freshet-guard", Timeouts.standard());
        try {
            return GenerationChoice.giveUp(target, log, reason);
        } catch (SQLException | Stop e) {
            logger.warn("cannot give up generation={}", log, e);
            return false;
        }
    }

    private static void stillLeading(Connection connection) {
        try {
            LeaderLock.stillHere(connection);
        } catch (SQLException e) {
            throw new Stop.Restart("the connection that holds the leader's lock is lost", e);
        }
    }
}
