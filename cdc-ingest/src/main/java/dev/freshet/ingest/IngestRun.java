package dev.freshet.ingest;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.log.FaultPoint;
import dev.freshet.ingest.log.LogCodecs;
import dev.freshet.ingest.source.LeaderLock;
import dev.freshet.ingest.source.Preflight;
import dev.freshet.ingest.source.Slot;
import dev.freshet.ingest.source.SourceCluster;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.record.IngestPosition;

/** One life of an ingest, from waiting for the lock to the end. */
final class IngestRun {
    private static final Logger log = LoggerFactory.getLogger(IngestRun.class);

    /** Longer than whatever we wait for without asking the source for anything. */
    private static final Duration SILENCE_IN_PREPARATION = Duration.ofMinutes(3);

    private final FreshetConfig config;
    private final SchemaRegistryClient registry;
    private final FaultPoint faults;
    private final IngestProgress progress;
    private final Time time;
    private final Mapping mapping;
    private final Database source;
    private final Slot slot;

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
        mapping = SourceMapping.of(config);
        source = new Database(config.source().login(), config.source().schema(), "freshet-ingest", Timeouts.standard());
        slot = new Slot(config.names().slot());
    }

    /** Ends by an exception only: an interruption, or the reason. */
    void run() throws Exception {
        // Its session holds the leader's lock, so this connection lives as long as we lead.
        try (Connection connection = connect();
                KafkaSide kafka =
                        new KafkaSide(config, registry, faults, () -> LeaderLock.stillHere(connection), time)) {
            SlotTakeover.requireOurs(slot, connection, config.names());
            // To lead without them would only keep others from leading.
            kafka.awaitBroker();
            kafka.awaitRegistry();
            progress.enter(IngestProgress.Phase.STANDING_BY);
            LeaderLock.acquire(connection, config.names().prefix(), SILENCE_IN_PREPARATION, time);
            progress.enter(IngestProgress.Phase.PREPARING);
            IngestPosition.Source cluster = SourceCluster.identity(connection);
            GenerationChoice choice = new GenerationChoice(config, cluster);
            choice.requireTarget();
            choice.requireOurs(kafka.newestPosition());
            kafka.takeOver();
            // It may have written its first one meanwhile, which is its last now.
            choice.requireOurs(kafka.newestPosition());
            choice.requireRegister(kafka.newestGeneration());
            requireTablesAsBegun(choice, connection, kafka);
            Preflight.Prepared prepared = new Preflight(mapping, config.source().setup()).prepare(connection);
            lead(connection, prepared, choice, cluster, kafka);
        }
    }

    /** Before the preflight changes anything: what it repairs looks as if it had never been otherwise. */
    private void requireTablesAsBegun(GenerationChoice choice, Connection connection, KafkaSide kafka)
            throws Exception {
        Optional<Generation> fed = choice.fed();
        if (fed.isPresent() && kafka.hasSnapshot(fed.get())) {
            choice.requireTables(fed.get(), Preflight.definitions(connection, mapping));
        }
    }

    private Connection connect() throws SQLException, InterruptedException {
        return Retry.forever("source", Backoff.standard(), SqlFault::isPassing, time)
                .call(source::open);
    }

    private void lead(
            Connection connection,
            Preflight.Prepared prepared,
            GenerationChoice choice,
            IngestPosition.Source cluster,
            KafkaSide kafka)
            throws Exception {
        Generation generation = choice.current();
        while (true) {
            LogCodecs codecs = kafka.codecs(generation);
            kafka.prepare(generation, codecs);
            Optional<IngestPosition> position = kafka.position(generation, codecs);
            StartDecision decision = StartDecision.of(
                    new StartDecision.Found(
                            generation.state(), choice.isBegun(generation), position, kafka.isLogThere(generation)),
                    new StartDecision.Source(cluster, SourceCluster.walEnd(connection), slot.state(connection)),
                    time.now());
            log.info("found generation={} position={} decision={}", generation.number(), position, decision);
            if (decision instanceof StartDecision.NextGeneration next) {
                if (next.dropSlot()) {
                    dropSlot(connection);
                }
                generation = choice.after(generation, next.reason());
            } else if (decision instanceof StartDecision.Refuse refuse) {
                throw new Stop.Operator(
                        "generation " + generation.number() + " cannot be resumed: " + refuse.reason(),
                        choice.byHand(generation));
            } else {
                if (decision instanceof StartDecision.Resume) {
                    choice.requireTables(generation, prepared.definitions());
                } else {
                    choice.beginFrom(generation, prepared.definitions());
                }
                if (decision instanceof StartDecision.Snapshot snapshot && snapshot.dropSlot()) {
                    dropSlot(connection);
                }
                SlotTakeover.free(slot, connection, time);
                Feeding.Leader leader =
                        new Feeding.Leader(connection, prepared, cluster, generation, slot, choice.byHand(generation));
                new Feeding(config, source, leader, progress, time).run(kafka.log(generation, codecs), position);
                return;
            }
        }
    }

    private void dropSlot(Connection connection) throws SQLException, InterruptedException {
        SlotTakeover.drop(slot, connection, time);
    }
}
