package dev.freshet.e2e.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Life;
import dev.freshet.e2e.bed.Part;

/** What happens to the state that streams keeps on its disk. */
final class StateKills {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final String RUNNING = "state=RUNNING";

    private StateKills() {}

    static Stream<Fault> all() {
        return Stream.of(
                new Fault(
                        "delete-state",
                        "kill -9 of streams, and a new start without what it had on its disk",
                        (bed, random) -> withoutState(bed)),
                new Fault(
                        "kill-streams-restore",
                        "the same, and kill -9 again while it restores its state",
                        StateKills::inRestore));
    }

    private static Strike withoutState(Bed bed) {
        Instance streams = bed.first(Part.STREAMS);
        streams.hold();
        try {
            bed.processes().kill(streams);
            streams.deleteState();
        } finally {
            streams.release();
        }
        return Strike.passing();
    }

    private static Strike inRestore(Bed bed, SplittableRandom random) throws Exception {
        Instance streams = bed.first(Part.STREAMS);
        NextLife next = NextLife.of(bed, streams);
        withoutState(bed);
        Life restoring = next.awaitSaying("state=REBALANCING");
        // Stores are open from the beginning of a restore on, and the job runs from its end on.
        bed.patience(START).until("an open store", LOOK, () -> hasOpenStores(restoring) || restoring.hasSaid(RUNNING));
        bed.time().pause(Duration.ofMillis(random.nextInt(100)));
        bed.processes().kill(streams);
        if (restoring.hasSaid(RUNNING)) {
            throw new MissedException("the state had been restored");
        }
        return Strike.passing();
    }

    private static boolean hasOpenStores(Life life) throws IOException {
        Path open = Path.of("/proc", Long.toString(life.process().pid()), "fd");
        try (Stream<Path> files = Files.list(open)) {
            return files.anyMatch(file -> target(file).contains("/rocksdb/"));
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }
}
