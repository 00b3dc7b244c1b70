package dev.freshet.e2e.process;

import java.time.Duration;
import java.util.concurrent.Callable;

import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.process.Deadline;

/** Waits that end. */
public record Patience(Time time, Duration limit) {
    /**
     * Returns once it holds.
     *
     * @param every how long to rest between two looks
     * @throws OutOfPatienceException if it does not hold within the limit
     */
    public void until(String what, Duration every, Callable<Boolean> holds) throws Exception {
        Deadline deadline = Deadline.in(limit);
        while (!holds.call()) {
            if (deadline.isPast()) {
                throw new OutOfPatienceException(what + " did not come within " + limit);
            }
            time.pause(every);
        }
    }
}
