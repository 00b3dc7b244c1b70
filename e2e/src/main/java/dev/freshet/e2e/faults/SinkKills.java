package dev.freshet.e2e.faults;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Link;
import dev.freshet.e2e.bed.Part;
import dev.freshet.e2e.bed.Peer;
import dev.freshet.schemas.Names;
import dev.freshet.testkit.faults.Fault.CutAtReply;
import dev.freshet.testkit.faults.FaultProxy;

/** What happens to the sink within its transaction, and between its commit and its hearing of it. */
final class SinkKills {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(5);

    /** Its offsets are claimed by then, and it waits for what we hold. */
    private static final String IN_A_WRITE = "SELECT count(*) > 0 FROM pg_stat_activity"
            + " WHERE application_name = 'freshet-sink' AND backend_xid IS NOT NULL AND wait_event_type = 'Lock'";

    /** What PostgreSQL replies when it has committed. */
    private static final String COMMITTED = "COMMIT\0";

    private SinkKills() {}

    static Stream<Fault> all() {
        return Stream.of(
                new Fault(
                        "kill-sink-transaction",
                        "kill -9 of the sink within its transaction, before its rows, its history or its watermark",
                        SinkKills::inTransaction),
                new Fault(
                        "cut-sink-commit",
                        "the sink's connection is cut behind a commit in the target that it does not hear of",
                        (bed, random) -> atCommit(bed)));
    }

    private static Strike inTransaction(Bed bed, SplittableRandom random) throws Exception {
        LiveLog live = LiveLog.of(bed);
        List<String> writtenInTurn = List.of(live.table(), Names.HISTORY, Names.WATERMARKS);
        try (HeldTable held = HeldTable.of(bed, writtenInTurn.get(random.nextInt(3)), "SHARE")) {
            bed.patience(SOON).until("a write that waits for " + held, LOOK, () -> bed.tables()
                    .holds(IN_A_WRITE));
            bed.processes().kill(bed.first(Part.SINK));
            if (!bed.tables().holds(IN_A_WRITE)) {
                throw new MissedException("the transaction had been ended before");
            }
        }
        return Strike.passing();
    }

    private static Strike atCommit(Bed bed) throws Exception {
        FaultProxy target = bed.proxy(new Link(Part.SINK, Peer.TARGET));
        long before = target.cuts();
        target.begin(new CutAtReply(COMMITTED));
        try {
            bed.patience(SOON).until("a commit that is cut", LOOK, () -> target.cuts() > before);
        } finally {
            target.heal();
        }
        return Strike.passing();
    }
}
