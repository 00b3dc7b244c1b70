package dev.freshet.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.process.WorkDirectory;
import dev.freshet.runtime.time.Time;

/**
 * What goes wrong in every build: each end of a process and a server, in the stream and in another phase; the places at which a kill
 * could cost a change or write one twice; and those failures between them that are not seen by both sides. RELIABILITY.md has what
 * else there is.
 */
class FaultsIT {
    /** A moment that is met by chance may be missed. */
    private static final int ATTEMPTS = 3;

    private static final Path DIRECTORY =
            Path.of("target", "faults-" + ProcessHandle.current().pid()).toAbsolutePath();

    private static Bed bed;
    private static int beds;
    private static boolean hasFound;

    private final SplittableRandom random = new SplittableRandom(seed());

    private static long seed() {
        long seed = Long.getLong("freshet.seed", new SplittableRandom().nextLong());
        System.out.println("seed " + seed);
        return seed;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kill-ingest-open-transaction",
                "kill-ingest-before-acknowledgement",
                "kill-sink-transaction",
                "cut-sink-commit",
                "kill-streams-restore",
                "kill-all",
                "freeze-streams",
                "lock-table",
                "terminate-walsender",
                "blackhole-sink-kafka",
                "kill-registry",
                "freeze-kafka",
                "kill-kafka",
                "kill-postgres",
                "kill-ingest-snapshot",
                "stop-cut-off-ingest",
                "hold-slot",
                "drop-slot"
            })
    void everyPromiseHoldsBehind(String fault) throws Exception {
        assertHolds(fault, Phase.STREAMING);
    }

    @ParameterizedTest
    @CsvSource({
        "kill-ingest, DRAIN",
        "kill-streams, HANDOVER",
        "kill-sink, HANDOVER",
        "kill-postgres, SNAPSHOT",
        "kill-kafka, DRAIN",
        "kill-registry, SNAPSHOT"
    })
    void everyPromiseHoldsBehindThatInAnotherPhase(String fault, Phase phase) throws Exception {
        assertHolds(fault, phase);
    }

    private void assertHolds(String fault, Phase phase) throws Exception {
        Outcome outcome = strike(new Round.Plan(List.of(Faults.named(fault)), phase));
        if (!outcome.findings().isEmpty()) {
            hasFound = true;
            closeBed(); // the next one is to find what it finds by itself
        }
        assertThat(outcome.findings()).as("%s", outcome.missed()).isEmpty();
        assertThat(outcome.struck()).as("%s", outcome.missed()).isNotEmpty();
        assertThat(outcome.rowsCompared()).isPositive();
    }

    private Outcome strike(Round.Plan plan) throws Exception {
        if (bed == null) {
            bed = Bed.start(DIRECTORY.resolve("bed-" + ++beds), random.split(), Time.system());
        }
        Outcome outcome = Round.of(plan, bed, random.split());
        for (int attempt = 2;
                attempt <= ATTEMPTS
                        && outcome.struck().isEmpty()
                        && outcome.findings().isEmpty();
                attempt++) {
            System.out.println(outcome.missed());
            outcome = Round.of(plan, bed, random.split());
        }
        return outcome;
    }

    @AfterAll
    static void end() throws Exception {
        closeBed();
        if (!hasFound && Files.exists(DIRECTORY)) {
            WorkDirectory.delete(DIRECTORY);
        }
    }

    private static void closeBed() throws Exception {
        Bed open = bed;
        bed = null;
        if (open != null) {
            open.close();
        }
    }
}
