package dev.freshet.e2e.faults;

import java.util.SplittableRandom;

import dev.freshet.e2e.bed.Bed;

/**
 * Something that goes wrong.
 *
 * @param name of the command line
 * @param title what happens, for people
 */
public record Fault(String name, String title, Beginning beginning) {

    /** Makes it happen. */
    @FunctionalInterface
    public interface Beginning {
        /**
         * Returns once it has struck where it was to: what may go wrong at a certain moment only is known to have met it.
         *
         * @throws MissedException if that moment passed, or did not come
         */
        Strike begin(Bed bed, SplittableRandom random) throws Exception;
    }

    Strike begin(Bed bed, SplittableRandom random) throws Exception {
        return beginning.begin(bed, random);
    }

    @Override
    public String toString() {
        return name;
    }
}
