package dev.freshet.testkit.servers;

import org.jspecify.annotations.Nullable;

/** A server did not come up; the message holds the last lines of its log. */
public final class ServerStartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ServerStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
