package dev.freshet.serving.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.serving.lookup.FeatureRow;

/**
 * What is answered, for whatever format.
 *
 * @param users one for each position of the request
 */
record LookupReply(LookupRequest request, List<User> users, Freshness freshness) {

    /** What is known of a user. */
    enum Status {
        PRESENT,
        /** There is no such user, or has not been when the table was read. */
        NOT_FOUND,
        /** The table is older than asked for, or time has changed the row since. */
        OUTSIDE_MAX_AGE
    }

    /** @param row null exactly where there is none */
    record User(Id id, Status status, @Nullable FeatureRow row) {}
}
