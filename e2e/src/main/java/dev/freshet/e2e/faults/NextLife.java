package dev.freshet.e2e.faults;

import java.time.Duration;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Life;

/** What an instance does once it was started again. */
record NextLife(Bed bed, Instance instance, int before) {
    private static final Duration START = Duration.ofMinutes(2);

    /** To be asked for before the one that runs now is ended. */
    static NextLife of(Bed bed, Instance instance) {
        return new NextLife(bed, instance, instance.lives());
    }

    /** Returns it when it has printed this. */
    Life awaitSaying(String text) throws Exception {
        bed.patience(START)
                .until(
                        instance.name() + "'s next life, and '" + text + "'",
                        Bed.LOOK,
                        () -> instance.lives() > before && instance.life().hasSaid(text));
        return instance.life();
    }

    /** The line in which it says this. */
    String awaitLine(String text) throws Exception {
        return awaitSaying(text)
                .log()
                .lines()
                .filter(line -> line.contains(text))
                .findFirst()
                .orElseThrow();
    }
}
