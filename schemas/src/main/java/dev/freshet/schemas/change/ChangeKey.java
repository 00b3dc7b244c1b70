package dev.freshet.schemas.change;

import dev.freshet.schemas.Id;

/**
 * The key of a log entry, and so the unit of its compaction.
 *
 * <p>A row's key holds its user: an order that moves between users is a delete under one key and an insert under another,
 * so no compaction can lose one half of a move.
 */
public sealed interface ChangeKey permits ChangeKey.Row, ChangeKey.Control, ChangeKey.UserReset {

    /** A row of a source table, in the partition of its user. For a row of users both ids are the user's. */
    record Row(Table table, Id user, Id row) implements ChangeKey {}

    /**
     * All that stands before it of this user, in the user's partition, counts for nothing: the user and its orders are absent, unless
     * entries behind it bring them back. It has no tombstone, so compaction keeps it for as long as it keeps older rows. With a null
     * in the place of a value it is the end of all that was ever told of a user whom the source does not have: tombstones of all
     * rows of the user stand before it, and what was emitted of the user is to be forgotten, too.
     */
    record UserReset(Id user) implements ChangeKey {}

    /** A control entry, written to every partition by number; a newer one of a kind replaces the older. */
    enum Control implements ChangeKey {
        TICK,
        USERS_TRUNCATED,
        ORDERS_TRUNCATED,
        SNAPSHOT_END
    }

    static Row user(Id user) {
        return new Row(Table.USERS, user, user);
    }

    static Row order(Id user, Id order) {
        return new Row(Table.ORDERS, user, order);
    }
}
