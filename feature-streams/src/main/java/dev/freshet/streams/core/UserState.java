package dev.freshet.streams.core;

import java.util.LinkedHashSet;
import java.util.Set;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.change.Table;

/** What is known of a user. Mutable: it is read from its header, changed, and written back. */
final class UserState {
    final Id user;

    /** The row of users is there. */
    boolean exists;

    /** The row of users was there, and a removal is owed to whoever saw the user. */
    boolean farewell;

    /** Of the user, who is gone, nothing is to be left in what was emitted. */
    boolean erased;

    /** Offset of the last change of this user. */
    long touched = -1;

    /** Rows that are in the source but outside the domain. */
    final Set<ChangeKey.Row> unusable = new LinkedHashSet<>();

    History orders;

    UserState(Id user, History orders) {
        this.user = user;
        this.orders = orders;
    }

    /** Nothing is left to remember. */
    boolean isForgotten() {
        return !exists && !farewell && !erased && orders.isEmpty() && unusable.isEmpty();
    }

    /** Whether somebody may have to be told of a change of this user. */
    boolean isOwed() {
        return exists || farewell || erased;
    }

    void leave() {
        farewell |= exists;
        exists = false;
    }

    void forgetUnusable(Table table) {
        unusable.removeIf(row -> row.table() == table);
    }
}
