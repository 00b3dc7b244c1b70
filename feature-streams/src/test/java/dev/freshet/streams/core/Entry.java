package dev.freshet.streams.core;

import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.testkit.oracle.SourceOrder;

/** An entry of the change log, without its offset. */
public record Entry(ChangeKey key, @Nullable Change change) {

    static Entry user(Id user) {
        return new Entry(ChangeKey.user(user), new Change(0, 0, new Change.UserRow()));
    }

    static Entry order(Id id, SourceOrder order) {
        Change.Body body = order.isUsable()
                ? new Change.OrderRow(order.createdAt(), order.values())
                : new Change.RowUnusable("outside the domain");
        return new Entry(ChangeKey.order(order.user(), id), new Change(0, 0, body));
    }

    static Entry unusableUser(Id user) {
        return new Entry(ChangeKey.user(user), new Change(0, 0, new Change.RowUnusable("outside the domain")));
    }

    static Entry deleted(ChangeKey.Row row) {
        return new Entry(row, new Change(0, 0, new Change.RowDeleted()));
    }

    static Entry tombstone(ChangeKey.Row row) {
        return new Entry(row, null);
    }

    static Entry reset(Id user) {
        return new Entry(new ChangeKey.UserReset(user), new Change(0, 0, Change.CONTROL));
    }

    static Entry erasure(Id user) {
        return new Entry(new ChangeKey.UserReset(user), null);
    }

    static Entry control(ChangeKey.Control control) {
        return new Entry(control, new Change(0, 0, Change.CONTROL));
    }
}
