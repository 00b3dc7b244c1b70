package dev.freshet.runtime.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the table is compared with the truth by itself.
 *
 * @param interval from the end of a comparison to the next; null for never
 */
public record ReconcileSettings(@Nullable Duration interval) {
    static final String INTERVAL = "reconcile.interval";
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    public ReconcileSettings {
        Faults faults = new Faults();
        faults.require(
                interval == null || interval.compareTo(SHORTEST) >= 0,
                INTERVAL,
                String.valueOf(interval),
                "write off, or at least 1m");
        faults.throwIfAny();
    }
}
