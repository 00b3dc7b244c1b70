package dev.freshet.ingest;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.ingest.log.FaultPoint;
import dev.freshet.ingest.source.Preflight;
import dev.freshet.ingest.source.Slot;
import dev.freshet.ingest.source.SourceCluster;
import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.BuildPace;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.record.IngestPosition;

/** One life of one change log after another: decides how to begin, and feeds it. */
final class LogRun {
    private static final Logger logger = LoggerFactory.getLogger(LogRun.class);

    /**
     * What all logs have in common.
     *
     * @param source where their connections come from
     */
    record Shared(FreshetConfig config, FaultPoint faults, Database source, KafkaSide kafka, Lead lead, Time time) {}

    /**
     * What the one that leads has found out.
     *
     * @param prepared what the preflight found
     * @param pace of the snapshots that are read beside a log which readers depend on
     */
    record Lead(GenerationChoice choice, IngestPosition.Source cluster, Preflight.Prepared prepared, BuildPace pace) {}

    private final Shared shared;
    private final Generation log;
    private final LogProgress progress;
    private final Slot slot;

    LogRun(Shared shared, Generation log, LogProgress progress) {
        this.shared = shared;
        this.log = log;
        this.progress = progress;
        slot = new Slot(shared.config().names().slot(log.number()));
    }

    /**
     * One life; may be called again when it has ended. Ends by itself only if another log takes the place of this one; else by an
     * exception: an interruption, or the reason.
     */
    void run() throws Exception {
        GenerationChoice choice = shared.lead().choice();
        try (Connection connection = shared.source().open();
                LogTopics topics = new LogTopics(shared.config(), shared.kafka(), log)) {
            choice.bind(log);
            topics.takeOver();
            // Another deployment of our name may have written its first one meanwhile, which is its last now.
            choice.requireOurs(shared.kafka().newestPosition());
            topics.prepare();
            Optional<IngestPosition> position = topics.position();
            StartDecision decision = decide(connection, position);
            logger.info("found log={} position={} decision={}", log.number(), position, decision);
            if (decision instanceof StartDecision.NextGeneration next) {
                choice.replace(log, next.reason());
                return;
            }
            if (decision instanceof StartDecision.Refuse refuse) {
                throw new Stop.Operator(
                        "generation " + log.number() + " cannot be resumed: " + refuse.reason(), Generations.REBUILD);
            }
            Preflight.Prepared prepared = begin(connection, decision);
            SlotTakeover.free(slot, connection, shared.time());
            Feeding.Place place = new Feeding.Place(log, connection, prepared, slot, Generations.REBUILD);
            new Feeding(shared, place, progress).run(topics.changes(shared.faults()), position);
        }
    }

    private StartDecision decide(Connection connection, Optional<IngestPosition> position) throws Exception {
        return StartDecision.of(
                new StartDecision.Found(
                        log.state(),
                        shared.lead().choice().isBegun(log),
                        position,
                        shared.kafka().isThere(log)),
                new StartDecision.Source(
                        shared.lead().cluster(), SourceCluster.walEnd(connection), slot.state(connection)),
                shared.time().now());
    }

    private Preflight.Prepared begin(Connection connection, StartDecision decision)
            throws SQLException, InterruptedException {
        GenerationChoice choice = shared.lead().choice();
        if (decision instanceof StartDecision.Snapshot snapshot) {
            // What the preflight found may be long ago. What a live log depends on is not put right behind its back.
            boolean setup = shared.config().source().setup() && !log.isReplayBuilding();
            Preflight.Prepared now = new Preflight(SourceMapping.of(shared.config()), setup).prepare(connection);
            choice.beginFrom(log, now.definitions());
            if (snapshot.dropSlot()) {
                dropSlot(connection);
            }
            requireRoomForSlot(connection);
            return now;
        }
        choice.requireTables(log, shared.lead().prepared().definitions());
        return shared.lead().prepared();
    }

    /** A snapshot that is begun in vain would be given up only once the engine fails. */
    private void requireRoomForSlot(Connection connection) throws SQLException {
        List<Finding> findings = log.isReplayBuilding() ? Preflight.roomForSlot(connection) : List.of();
        if (!findings.isEmpty()) {
            throw Stop.Operator.because(
                    "the source has no room for one more replication slot",
                    findings.stream().map(Finding::what).toList(),
                    findings.stream().map(Finding::cure).toList());
        }
    }

    /** Lets the source have its WAL back. */
    void dropSlot() throws SQLException, InterruptedException {
        try (Connection connection = shared.source().open()) {
            if (slot.state(connection).isPresent()) {
                dropSlot(connection);
            }
        }
    }

    private void dropSlot(Connection connection) throws SQLException, InterruptedException {
        SlotTakeover.drop(slot, connection, shared.time());
    }
}
