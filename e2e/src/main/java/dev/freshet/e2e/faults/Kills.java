package dev.freshet.e2e.faults;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Part;

/** kill -9 whenever it may be, and ends that are asked for. */
final class Kills {
    private static final int MOST_MILLIS_BEFORE = 1_000;
    /** Long enough for one to be through with its start now and then. */
    private static final int MOST_MILLIS_BETWEEN = 4_000;

    private static final int TIMES = 12;
    private static final int EXIT_OK = 0;

    private Kills() {}

    static Stream<Fault> all() {
        Stream<Fault> each = Stream.of(Part.values())
                .flatMap(part -> Stream.of(
                        new Fault("kill-" + part, "kill -9 of " + part, (bed, random) -> kill(bed, random, part)),
                        new Fault(
                                "stop-" + part,
                                "SIGTERM to " + part + ", which ends in time, and a new start",
                                (bed, random) -> stop(bed, random, part))));
        Fault all = new Fault(
                "kill-all",
                "kill -9 of ingest, streams and sink at once",
                (bed, random) -> kill(bed, random, Part.values()));
        Fault again = new Fault(
                "kill-again",
                "kill -9 of one of them after the other, at random, also while they start",
                Kills::killAgain);
        return Stream.concat(each, Stream.of(all, again));
    }

    private static Strike killAgain(Bed bed, SplittableRandom random) throws InterruptedException {
        Part[] parts = Part.values();
        for (int i = 0; i < TIMES; i++) {
            bed.time().pause(Duration.ofMillis(random.nextInt(MOST_MILLIS_BETWEEN)));
            bed.processes().kill(bed.first(parts[random.nextInt(parts.length)]));
        }
        return Strike.passing();
    }

    private static Strike kill(Bed bed, SplittableRandom random, Part... parts) throws Exception {
        bed.time().pause(Duration.ofMillis(random.nextInt(MOST_MILLIS_BEFORE)));
        List<Instance> instances = Stream.of(parts).map(bed::first).toList();
        instances.forEach(bed.processes()::kill);
        return Strike.passing();
    }

    private static Strike stop(Bed bed, SplittableRandom random, Part part) throws Exception {
        bed.time().pause(Duration.ofMillis(random.nextInt(MOST_MILLIS_BEFORE)));
        int code = bed.first(part).stop();
        Strike.Healing start = bed.first(part)::start;
        if (code != EXIT_OK) {
            start.heal();
            throw new BrokenPromiseException(part + " was asked to end, and ended with " + code + " instead of 0");
        }
        return Strike.until(start);
    }
}
