package dev.freshet.e2e.faults;

import java.time.Duration;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Part;
import dev.freshet.e2e.process.OutOfPatienceException;

/** A heap that is too small: a process has to end at once, and not go on with what is left of it. */
final class HeapFaults {
    /** Takes the place of what the command line says. */
    private static final String OPTIONS = "_JAVA_OPTIONS";

    /** Enough to start, and of the sink, which keeps the least, hardly that. */
    private static final String SMALL = "-Xmx20m";

    private static final String SMALL_FOR_SINK = "-Xmx12m";

    /** That of -XX:+ExitOnOutOfMemoryError. */
    private static final int OUT_OF_MEMORY = 3;

    private static final Duration END = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(100);

    private HeapFaults() {}

    static Stream<Fault> all() {
        return Stream.of(Part.values())
                .map(part -> new Fault(
                        "small-heap-" + part,
                        part + " is started with a heap that is too small, and ends for want of memory",
                        (bed, random) -> starve(bed, bed.first(part))));
    }

    private static Strike starve(Bed bed, Instance instance) throws Exception {
        instance.stop();
        instance.setEnvironment(OPTIONS, instance.part() == Part.SINK ? SMALL_FOR_SINK : SMALL);
        instance.expectEnd(OUT_OF_MEMORY);
        Strike.Healing healing = () -> {
            instance.setEnvironment(OPTIONS, null);
            instance.stop();
            instance.expectNoEnd(OUT_OF_MEMORY);
            instance.start();
            instance.newLog(); // what it said of its want of memory was expected
        };
        instance.start();
        try {
            bed.patience(END)
                    .until(
                            "an end of " + instance.name() + " for want of memory",
                            LOOK,
                            () -> instance.hasEndedAsExpected(OUT_OF_MEMORY));
        } catch (OutOfPatienceException e) {
            boolean hasGoneOn = instance.life().hasSaid("OutOfMemoryError");
            healing.heal();
            throw hasGoneOn
                    ? new BrokenPromiseException(instance.name() + " has had no memory left, and gone on")
                    : new MissedException("it had memory enough: " + e.getMessage());
        }
        return Strike.until(healing);
    }
}
