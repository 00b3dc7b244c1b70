package dev.freshet.ingest;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.freshet.ingest.capture.Boundary;
import dev.freshet.ingest.capture.ChangeSequence;
import dev.freshet.ingest.capture.EventReader;
import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.capture.TableDefinitions;
import dev.freshet.ingest.capture.Ticks;
import dev.freshet.ingest.log.ChangeLog;
import dev.freshet.ingest.repair.RepairDesk;
import dev.freshet.ingest.repair.Repairer;
import dev.freshet.ingest.source.CaptureEngine;
import dev.freshet.ingest.source.CommittedOffsets;
import dev.freshet.ingest.source.LeaderLock;
import dev.freshet.ingest.source.Preflight;
import dev.freshet.ingest.source.RowEstimate;
import dev.freshet.ingest.source.Slot;
import dev.freshet.ingest.source.SourceCluster;
import dev.freshet.ingest.source.SourceHeartbeat;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.change.Table;
import dev.freshet.schemas.record.IngestPosition;

/** Runs the engine into the log of a generation, and watches the slot it reads from. */
final class Feeding {
    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final int PROBES_IN_SILENCE = 5;
    private static final Duration WITH_A_BATCH_UNDER_WAY = Duration.ofSeconds(1);

    /** Without an index that leads to a user's orders, all orders are read. */
    private static final Duration REREADING = Duration.ofMinutes(10);

    private final FreshetConfig config;
    private final Database source;
    private final Leader leader;
    private final IngestProgress progress;
    private final Time time;
    private final Mapping mapping;
    private final String unavailable = "freshet-unavailable-" + UUID.randomUUID();

    /**
     * What the one that leads has found out.
     *
     * @param connection its session holds the lock
     * @param newGeneration what an operator runs to have the source read anew
     */
    record Leader(
            Connection connection,
            Preflight.Prepared prepared,
            IngestPosition.Source cluster,
            Generation generation,
            Slot slot,
            String newGeneration) {}

    Feeding(FreshetConfig config, Database source, Leader leader, IngestProgress progress, Time time) {
        this.config = config;
        this.source = source;
        this.leader = leader;
        this.progress = progress;
        this.time = time;
        mapping = SourceMapping.of(config);
    }

    /** Ends by an exception only. */
    void run(ChangeLog changeLog, Optional<IngestPosition> position) throws SQLException, InterruptedException {
        String offset = position.map(IngestPosition::sourceOffset).orElse(null);
        RepairDesk repairs = new RepairDesk(reader());
        try (CommittedOffsets.Holder offsets = new CommittedOffsets.Holder(offset);
                Repairer repairer = repairer(repairs);
                SourceHeartbeat heartbeat =
                        new SourceHeartbeat(source, mapping, config.ingest().sourceHeartbeatInterval(), time)) {
            LogAppender appender = new LogAppender(
                    sequence(position),
                    changeLog,
                    new Ticks(changeLog.partitions(), config.ingest().tickInterval(), time::nanoTime),
                    reporting(offsets, repairs),
                    config.ingest().maxTransactionChanges(),
                    time);
            progress.feeds(leader.generation().number());
            if (position.isEmpty()) {
                estimate();
                progress.enter(IngestProgress.Phase.SNAPSHOT);
                appender.begin();
            } else {
                progress.enter(IngestProgress.Phase.STREAMING);
            }
            heartbeat.start();
            repairer.start();
            run(CaptureEngine.of(config, mapping, unavailable, offsets, appender, time), appender, heartbeat, offsets);
        }
    }

    private void run(
            CaptureEngine engine, LogAppender appender, SourceHeartbeat heartbeat, CommittedOffsets.Holder offsets)
            throws SQLException, InterruptedException {
        try {
            engine.start();
            LeaderLock.releaseWhenSilent(leader.connection(), PROBE.multipliedBy(PROBES_IN_SILENCE));
            watch(engine, heartbeat, offsets);
        } finally {
            // First the batch under way is finished, so that closing the engine interrupts nothing.
            if (appender.close()) {
                engine.close();
            } else {
                engine.close(WITH_A_BATCH_UNDER_WAY);
            }
        }
    }

    private LogAppender.Reporting reporting(CommittedOffsets.Holder offsets, RepairDesk repairs) {
        return new LogAppender.Reporting(
                leader.generation().number(),
                leader.cluster(),
                boundary -> offsets.committed(boundary.offset()),
                progress,
                repairs);
    }

    private Repairer repairer(RepairDesk repairs) {
        Timeouts timeouts = Timeouts.standard().withStatement(REREADING);
        return new Repairer(
                leader.generation().number(),
                mapping,
                repairs,
                () -> progress.phase() == IngestProgress.Phase.STREAMING,
                new Repairer.Databases(
                        new Database(config.source().login(), config.source().schema(), "freshet-repair", timeouts),
                        new Database(config.target().login(), config.target().schema(), "freshet-repair", timeouts)),
                time);
    }

    private EventReader reader() {
        return new EventReader(
                mapping,
                unavailable,
                leader.prepared().identity(),
                leader.prepared().definitions(),
                this::definitionsNow);
    }

    private ChangeSequence sequence(Optional<IngestPosition> position) throws SQLException {
        EventReader reader = reader();
        // The clock is read before the slot is made: what has committed by then is in the snapshot.
        return position.isPresent()
                ? ChangeSequence.from(reader, position.get())
                : ChangeSequence.fromSnapshot(reader, SourceCluster.clock(leader.connection()));
    }

    private TableDefinitions definitionsNow() {
        try (Connection connection = source.open()) {
            return Preflight.definitions(connection, mapping);
        } catch (SQLException e) {
            throw new Stop.Restart("cannot ask the source what its tables are", e);
        }
    }

    private void estimate() throws SQLException {
        progress.estimate(Table.USERS, RowEstimate.of(leader.connection(), mapping.users()));
        progress.estimate(Table.ORDERS, RowEstimate.of(leader.connection(), mapping.orders()));
    }

    private void watch(CaptureEngine engine, SourceHeartbeat heartbeat, CommittedOffsets.Holder offsets)
            throws InterruptedException {
        while (true) {
            try {
                engine.ended().toCompletableFuture().get(PROBE.toMillis(), TimeUnit.MILLISECONDS);
                throw new Stop.Restart("the engine ended by itself");
            } catch (TimeoutException e) {
                heartbeat.requireBeating();
                probe(offsets);
            } catch (ExecutionException e) {
                throw EngineFailure.stop(e, leader.newGeneration());
            }
        }
    }

    /** The engine would try for half an hour to read from a slot that has nothing any more. */
    private void probe(CommittedOffsets.Holder offsets) {
        Optional<Slot.State> state;
        try {
            state = leader.slot().state(leader.connection());
        } catch (SQLException e) {
            throw new Stop.Restart("the connection that holds the leader's lock is lost", e);
        }
        String offset = offsets.offset();
        if (offset == null) {
            return; // in a snapshot the engine makes the slot, and notices itself
        }
        String refusal = state.isEmpty()
                ? "the replication slot is gone"
                : StartDecision.slotRefusal(Boundary.parse(offset).lsn(), state.get());
        if (refusal != null) {
            throw new Stop.Operator(refusal, leader.newGeneration());
        }
    }
}
