package dev.freshet.e2e.faults;

import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Link;
import dev.freshet.e2e.bed.Part;
import dev.freshet.e2e.bed.Peer;
import dev.freshet.e2e.process.OutOfPatienceException;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.testkit.faults.Fault.Blackhole;

/**
 * The replication slot is gone, or has lost what ingest has yet to read: ingest has to end with the reason, and what it says to do is
 * done.
 */
final class SlotFaults {
    private static final Duration END = Duration.ofSeconds(30);
    private static final Duration LOSS = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String DROP =
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '%s' AND NOT active";
    private static final String IS_THERE = "SELECT count(*) > 0 FROM pg_replication_slots WHERE slot_name = '%s'";
    private static final String IS_LOST = "SELECT wal_status = 'lost' FROM pg_replication_slots WHERE slot_name = '%s'";
    private static final String WRITE_MUCH =
            "SELECT count(pg_logical_emit_message(false, 'filler', repeat('x', 1000000))) FROM generate_series(1, 20)";

    private SlotFaults() {}

    static Stream<Fault> all() {
        return Stream.of(
                new Fault("drop-slot", "the slot is dropped while no ingest runs", (bed, random) -> drop(bed)),
                new Fault(
                        "drop-slot-running",
                        "ingest's session is ended and its slot dropped at once",
                        (bed, random) -> dropRunning(bed)),
                new Fault(
                        "lose-slot",
                        "max_slot_wal_keep_size takes WAL that ingest cannot read in time",
                        (bed, random) -> lose(bed)));
    }

    private static Strike drop(Bed bed) throws Exception {
        LiveLog live = LiveLog.of(bed);
        Instance ingest = bed.first(Part.INGEST);
        ingest.stop();
        awaitDropped(bed, live);
        ingest.expectEnd(ExitCode.OPERATOR.code());
        ingest.start();
        awaitEnd(bed, ingest);
        return Strike.until(() -> cure(bed, ingest));
    }

    private static Strike dropRunning(Bed bed) throws Exception {
        LiveLog live = LiveLog.of(bed);
        Instance ingest = bed.first(Part.INGEST);
        ingest.expectEnd(ExitCode.OPERATOR.code());
        bed.patience(LOSS).until("the end of the slot", Bed.LOOK, () -> {
            bed.tables()
                    .number(
                            "SELECT count(pg_terminate_backend(active_pid)) FROM pg_replication_slots WHERE slot_name = '"
                                    + live.slot() + "'");
            return isDropped(bed, live);
        });
        awaitEnd(bed, ingest);
        return Strike.until(() -> cure(bed, ingest));
    }

    private static Strike lose(Bed bed) throws Exception {
        LiveLog live = LiveLog.of(bed);
        Instance ingest = bed.first(Part.INGEST);
        ingest.expectEnd(ExitCode.OPERATOR.code());
        bed.tables().execute("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'");
        bed.tables().execute("SELECT pg_reload_conf()");
        bed.proxy(new Link(Part.INGEST, Peer.SOURCE)).begin(new Blackhole());
        try {
            bed.patience(LOSS).until("the loss of the slot", LOOK, () -> {
                bed.tables().number(WRITE_MUCH);
                bed.tables().text("SELECT pg_switch_wal()");
                bed.tables().execute("CHECKPOINT");
                return bed.tables().holds(IS_LOST.formatted(live.slot()));
            });
        } finally {
            bed.proxy(new Link(Part.INGEST, Peer.SOURCE)).heal();
            bed.tables().execute("ALTER SYSTEM RESET max_slot_wal_keep_size");
            bed.tables().execute("SELECT pg_reload_conf()");
        }
        awaitEnd(bed, ingest);
        return Strike.until(() -> cure(bed, ingest));
    }

    private static void awaitDropped(Bed bed, LiveLog live) throws Exception {
        bed.patience(LOSS).until("the end of the slot", Bed.LOOK, () -> isDropped(bed, live));
    }

    private static boolean isDropped(Bed bed, LiveLog live) throws SQLException {
        bed.tables().execute(DROP.formatted(live.slot()));
        return !bed.tables().holds(IS_THERE.formatted(live.slot()));
    }

    private static void awaitEnd(Bed bed, Instance ingest) throws Exception {
        try {
            bed.patience(END).until("ingest's end", LOOK, () -> !ingest.isWanted());
        } catch (OutOfPatienceException e) {
            throw new BrokenPromiseException("ingest has not ended with 78 within " + END + " without its slot");
        }
    }

    /** As OPERATIONS.md has it. */
    private static void cure(Bed bed, Instance ingest) throws Exception {
        Builds builds = new Builds(bed);
        Generation begun = builds.startFromSource(true);
        ingest.expectNoEnd(ExitCode.OPERATOR.code());
        ingest.start();
        builds.awaitLive(begun);
        builds.dropOthers();
    }
}
