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
import dev.freshet.ingest.source.Preflight;
import dev.freshet.ingest.source.RowEstimate;
import dev.freshet.ingest.source.Slot;
import dev.freshet.ingest.source.SourceCluster;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.IngestSettings;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.change.Table;
import dev.freshet.schemas.record.IngestPosition;

/** Runs the engine into a change log, and watches the slot it reads from. */
final class Feeding {
    private static final Duration PROBE = Duration.ofSeconds(1);
    private static final Duration WITH_A_BATCH_UNDER_WAY = Duration.ofSeconds(1);

    /** Without an index that leads to a user's orders, all orders are read. */
    private static final Duration REREADING = Duration.ofMinutes(10);

    private final LogRun.Shared shared;
    private final Place place;
    private final LogProgress progress;
    private final Mapping mapping;
    private final String unavailable = "freshet-unavailable-" + UUID.randomUUID();

    /**
     * What is fed from where.
     *
     * @param connection to the source
     * @param prepared what the log is begun from, or gone on with
     * @param cure what an operator runs to have the source read anew
     */
    record Place(Generation log, Connection connection, Preflight.Prepared prepared, Slot slot, String cure) {}

    Feeding(LogRun.Shared shared, Place place, LogProgress progress) {
        this.shared = shared;
        this.place = place;
        this.progress = progress;
        mapping = SourceMapping.of(shared.config());
    }

    /** Ends by an exception only. */
    void run(ChangeLog changeLog, Optional<IngestPosition> position) throws SQLException, InterruptedException {
        String offset = position.map(IngestPosition::sourceOffset).orElse(null);
        RepairDesk repairs = new RepairDesk(reader());
        try (CommittedOffsets.Holder offsets = new CommittedOffsets.Holder(offset);
                Repairer repairer = repairer(repairs)) {
            LogAppender appender = appender(changeLog, position, offsets, repairs);
            if (position.isEmpty()) {
                estimate();
                progress.enter(IngestProgress.Phase.SNAPSHOT);
                appender.begin();
            } else {
                progress.enter(IngestProgress.Phase.STREAMING);
            }
            repairer.start();
            CaptureEngine.Reading reading = new CaptureEngine.Reading(
                    place.log().number(), place.log().isReplayBuilding(), unavailable, offsets);
            run(CaptureEngine.of(shared.config(), mapping, reading, appender, shared.time()), appender, offsets);
        }
    }

    private LogAppender appender(
            ChangeLog changeLog, Optional<IngestPosition> position, CommittedOffsets.Holder offsets, RepairDesk repairs)
            throws SQLException {
        IngestSettings settings = shared.config().ingest();
        return new LogAppender(
                sequence(position),
                changeLog,
                new Ticks(changeLog.partitions(), settings.tickInterval(), shared.time()::nanoTime),
                new LogAppender.Reporting(
                        place.log().number(),
                        shared.lead().cluster(),
                        boundary -> offsets.committed(boundary.offset()),
                        progress,
                        repairs,
                        shared.lead().pace().worker(place.log().number())),
                settings.maxTransactionChanges(),
                shared.time());
    }

    private void run(CaptureEngine engine, LogAppender appender, CommittedOffsets.Holder offsets)
            throws InterruptedException {
        try {
            engine.start();
            watch(engine, offsets);
        } finally {
            // First the batch under way is finished, so that closing the engine interrupts nothing.
            if (appender.close()) {
                engine.close();
            } else {
                engine.close(WITH_A_BATCH_UNDER_WAY);
            }
        }
    }

    private Repairer repairer(RepairDesk repairs) {
        FreshetConfig config = shared.config();
        Timeouts timeouts = Timeouts.standard().withStatement(REREADING);
        return new Repairer(
                place.log().number(),
                mapping,
                repairs,
                () -> progress.phase() == IngestProgress.Phase.STREAMING,
                new Repairer.Databases(
                        new Database(config.source().login(), config.source().schema(), "freshet-repair", timeouts),
                        new Database(config.target().login(), config.target().schema(), "freshet-repair", timeouts)),
                shared.time());
    }

    private EventReader reader() {
        return new EventReader(
                mapping,
                unavailable,
                place.prepared().identity(),
                place.prepared().definitions(),
                this::definitionsNow);
    }

    private ChangeSequence sequence(Optional<IngestPosition> position) throws SQLException {
        EventReader reader = reader();
        // The clock is read before the slot is made: what has committed by then is in the snapshot.
        return position.isPresent()
                ? ChangeSequence.from(reader, position.get())
                : ChangeSequence.fromSnapshot(reader, SourceCluster.clock(place.connection()));
    }

    private TableDefinitions definitionsNow() {
        try (Connection connection = shared.source().open()) {
            return Preflight.definitions(connection, mapping);
        } catch (SQLException e) {
            throw new Stop.Restart("cannot ask the source what its tables are", e);
        }
    }

    private void estimate() throws SQLException {
        progress.estimate(Table.USERS, RowEstimate.of(place.connection(), mapping.users()));
        progress.estimate(Table.ORDERS, RowEstimate.of(place.connection(), mapping.orders()));
    }

    private void watch(CaptureEngine engine, CommittedOffsets.Holder offsets) throws InterruptedException {
        while (true) {
            try {
                engine.ended().toCompletableFuture().get(PROBE.toMillis(), TimeUnit.MILLISECONDS);
                throw new Stop.Restart("the engine ended by itself");
            } catch (TimeoutException e) {
                probe(offsets);
            } catch (ExecutionException e) {
                Stop stop = EngineFailure.stop(e, place.cure());
                if (stop instanceof Stop.Restart) {
                    probe(offsets); // the end of its connection is how the end of a slot is heard of
                }
                throw stop;
            }
        }
    }

    /** The engine would try for half an hour to read from a slot that has nothing any more. */
    private void probe(CommittedOffsets.Holder offsets) {
        Optional<Slot.State> state;
        try {
            state = place.slot().state(place.connection());
        } catch (SQLException e) {
            throw new Stop.Restart("the connection to the source is lost", e);
        }
        String offset = offsets.offset();
        if (offset == null) {
            return; // in a snapshot the engine makes the slot, and notices itself
        }
        String refusal = state.isEmpty()
                ? "the replication slot is gone"
                : StartDecision.slotRefusal(Boundary.parse(offset).lsn(), state.get());
        if (refusal != null) {
            throw new Stop.Operator(refusal, place.cure());
        }
    }
}
