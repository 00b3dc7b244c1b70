package dev.freshet.serving.http;

import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;

/** Tells how a user's features come about. */
@FunctionalInterface
public interface Explain {
    /**
     * A JSON object.
     *
     * @param at as of when; null for now
     * @throws SQLException if source or target cannot be asked
     */
    byte[] json(Id user, @Nullable Instant at) throws SQLException;
}
