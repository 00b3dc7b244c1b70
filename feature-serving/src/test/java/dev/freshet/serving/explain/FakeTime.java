package dev.freshet.serving.explain;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

import dev.freshet.runtime.time.Time;

/** A clock that moves only while it is waited on, and something that happens meanwhile. */
final class FakeTime implements Time {
    /** What happens. */
    interface Event {
        void run() throws SQLException;
    }

    private final Event meanwhile;
    private long nanos;

    FakeTime(Event meanwhile) {
        this.meanwhile = meanwhile;
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public void pause(Duration duration) {
        nanos += duration.toNanos();
        try {
            meanwhile.run();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
