package dev.freshet.e2e.faults;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Part;
import dev.freshet.e2e.process.OutOfPatienceException;

/** SIGSTOP of processes: for a moment, and for so long that another instance takes over and the frozen one wakes up as a zombie. */
final class Freezes {
    private static final int LONGEST_MOMENT_MILLIS = 4_000;
    private static final Duration TAKEOVER = Duration.ofSeconds(45);
    private static final Duration START = Duration.ofMinutes(2);
    private static final int SECOND = 2;

    private Freezes() {}

    static Stream<Fault> all() {
        return Stream.of(Part.values())
                .flatMap(part -> Stream.of(
                        new Fault(
                                "freeze-" + part,
                                "SIGSTOP of " + part + " for some seconds, less than its session lasts",
                                (bed, random) -> freeze(bed, random, part)),
                        new Fault(
                                "zombie-" + part,
                                "SIGSTOP of " + part + " until another instance has taken over, and SIGCONT",
                                (bed, random) -> zombie(bed, part))));
    }

    private static Strike freeze(Bed bed, SplittableRandom random, Part part) throws Exception {
        Instance instance = bed.first(part);
        instance.life().process().pause();
        bed.time().pause(Duration.ofMillis(random.nextInt(LONGEST_MOMENT_MILLIS)));
        return Strike.until(() -> instance.life().process().resume());
    }

    private static Strike zombie(Bed bed, Part part) throws Exception {
        Instance first = bed.first(part);
        Instance second = bed.processes().instance(part, SECOND);
        second.start();
        bed.awaitReady(START);
        first.life().process().pause();
        Strike.Healing wakeUp = () -> {
            first.life().process().resume();
            bed.awaitReady(START);
            second.stop();
        };
        try {
            String committed = bed.sourceEnd();
            bed.patience(TAKEOVER).until("a takeover", Bed.LOOK, () -> bed.tables()
                    .holds("SELECT coalesce(bool_and(lsn >= '" + committed
                            + "'), false) FROM freshet_complete_through"));
        } catch (OutOfPatienceException e) {
            wakeUp.heal();
            throw new BrokenPromiseException("nobody has taken over from a frozen " + part + ": " + e.getMessage());
        }
        return Strike.until(wakeUp);
    }
}
