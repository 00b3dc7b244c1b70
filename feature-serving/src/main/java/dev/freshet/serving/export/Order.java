package dev.freshet.serving.export;

import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;

/** The order that is read now, as far as features need it: one object for all, so whoever keeps of it what it has to keep copies that. */
final class Order {
    /** In place of an amount that is NULL, and of one that is among the {@link #others}: no small one is so low. */
    static final long NONE = Long.MIN_VALUE;

    static final long OTHER = Long.MIN_VALUE + 1;

    /** Microseconds since 1970. */
    long time;

    /** In hundred-millionths, each of them that is small. */
    final long[] amounts;

    /** Those that are not. */
    final @Nullable Numeric[] others;

    Order(int amounts) {
        this.amounts = new long[amounts];
        others = new Numeric[amounts];
    }
}
