package dev.freshet.e2e.watch;

import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;

/** A change of a row of the shop. One that moves an order to another user is two of them. */
sealed interface Happening {

    record UserCame(long user) implements Happening {}

    record UserLeft(long user) implements Happening {}

    /** @param createdAt epoch microseconds; null for SQL NULL */
    record OrderCame(long order, long user, @Nullable Long createdAt, Numeric total) implements Happening {}

    record OrderLeft(long order, long user) implements Happening {}
}
