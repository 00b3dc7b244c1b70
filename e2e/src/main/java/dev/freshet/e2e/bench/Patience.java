package dev.freshet.e2e.bench;

import java.time.Duration;
import java.util.concurrent.Callable;

import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.process.Deadline;

/** Waits that end. */
record Patience(Time time, Duration limit) {
    /**
     * Returns once it holds.
     *
     * @param every how long to rest between two looks
     * @throws MeasurementException if it does not hold within the limit
     */
    void until(String what, Duration every, Callable<Boolean> holds) throws Exception {
        Deadline deadline = Deadline.in(limit);
        while (!holds.call()) {
            if (deadline.isPast()) {
                throw new MeasurementException(what + " did not come within " + limit);
            }
            time.pause(every);
        }
    }
}
