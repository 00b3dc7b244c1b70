package dev.freshet.serving.http;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Id;

/** Tells how a user's features come about. */
@FunctionalInterface
public interface Explain {
    /**
     * A JSON object; empty if nobody knows the user.
     *
     * @param at as of when; null for now
     * @throws SQLException if source or target cannot be asked
     * @throws dev.freshet.serving.explain.UnusableInstantException if nothing can be told of that instant; its message says why
     * @throws Stop.Operator if there is no table yet
     */
    Optional<byte[]> json(Id user, @Nullable Instant at) throws SQLException, InterruptedException;
}
