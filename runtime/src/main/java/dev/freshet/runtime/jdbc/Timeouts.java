package dev.freshet.runtime.jdbc;

import java.time.Duration;

/**
 * After how long a connection, a read, a statement, a lock or an idle transaction is given up. None may be zero, which
 * would mean without end.
 *
 * @param socket longer than statement, so that the server speaks first and says which one it was
 */
public record Timeouts(Duration connect, Duration socket, Duration statement, Duration lock, Duration idleTransaction) {
    public Timeouts {
        for (Duration timeout : new Duration[] {connect, socket, statement, lock, idleTransaction}) {
            if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException("timeout " + timeout + " would be without end");
            }
        }
        if (socket.compareTo(statement) <= 0 || socket.toSeconds() < 1 || connect.toSeconds() < 1) {
            throw new IllegalArgumentException("socket timeout " + socket + " must be longer than statement timeout "
                    + statement + ", and both it and connect timeout " + connect + " at least a second");
        }
    }

    public static Timeouts standard() {
        return new Timeouts(
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60));
    }

    /** For statements that may take long, as those of a preparation or an export. */
    public Timeouts withStatement(Duration longer) {
        return new Timeouts(connect, longer.plusSeconds(30), longer, lock, idleTransaction);
    }
}
