package dev.freshet.serving.http;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.time.Time;
import dev.freshet.serving.lookup.Age;
import dev.freshet.serving.lookup.Answer;
import dev.freshet.serving.lookup.SourceClock;

/**
 * How far the table is behind the source, by what was read of it last, for whomever, and by what the clock says now: so never less than
 * it is. Safe for use by many threads.
 */
final class TableAge {
    private final SourceClock clock;
    private final Time time;
    private volatile @Nullable Answer last;

    TableAge(SourceClock clock, Time time) {
        this.clock = clock;
        this.time = time;
    }

    /** Takes note of what was read, unless it is known to be older than what was. */
    void see(Answer answer) {
        Answer known = last;
        if (known == null || answer.askedAt() - known.askedAt() > 0) {
            last = new Answer(answer.through(), Map.of(), answer.targetTime(), answer.askedAt());
        }
    }

    /** NaN before anything was read, and where it is not known. */
    double seconds() {
        Answer known = last;
        @Nullable
        Duration behind = known == null ? null : Age.of(known, clock, time).behind();
        return behind == null ? Double.NaN : behind.toNanos() / 1e9;
    }
}
