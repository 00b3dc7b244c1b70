package dev.freshet.streams.core;

import java.nio.ByteBuffer;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.change.Table;

/** Reads and writes users' headers, and sees to it that a TRUNCATE counts for users that nothing has touched since. */
final class UserStates {
    private static final int EXISTS = 1;
    private static final int FAREWELL = 2;
    private static final int SPILLED = 4;
    private static final int ERASED = 8;

    private final FeatureProgram program;
    private final Stores stores;
    private final Progress progress;

    UserStates(FeatureProgram program, Stores stores, Progress progress) {
        this.program = program;
        this.stores = stores;
        this.progress = progress;
    }

    /** The user's state as of now; of one never heard of, an empty one. */
    UserState load(Id user) {
        byte[] header = stores.users().get(Keys.user(user));
        return header == null ? new UserState(user, new InlineHistory(program)) : read(user, header);
    }

    UserState read(byte[] key, byte[] header) {
        return read(Id.read(ByteBuffer.wrap(key)), header);
    }

    private UserState read(Id user, byte[] header) {
        ByteReader in = new ByteReader(header);
        int flags = in.byteValue();
        UserState state = new UserState(user, new InlineHistory(program));
        state.exists = (flags & EXISTS) != 0;
        state.farewell = (flags & FAREWELL) != 0;
        state.erased = (flags & ERASED) != 0;
        state.touched = in.varlong();
        for (int i = in.count(); i > 0; i--) {
            Table table = in.byteValue() == 0 ? Table.USERS : Table.ORDERS;
            state.unusable.add(new ChangeKey.Row(table, user, in.id()));
        }
        if (state.touched < progress.usersTruncated) {
            state.leave();
            state.forgetUnusable(Table.USERS);
        }
        if (state.touched < progress.ordersTruncated) {
            state.forgetUnusable(Table.ORDERS);
        } else {
            state.orders = (flags & SPILLED) != 0
                    ? new SpilledHistory(program, stores, user, in)
                    : new InlineHistory(program, in);
        }
        return state;
    }

    /** Writes the state, or removes the header if there is nothing to remember. */
    void save(UserState state) {
        byte[] key = Keys.user(state.user);
        if (state.isForgotten()) {
            stores.users().delete(key);
            return;
        }
        boolean spilled = state.orders instanceof SpilledHistory;
        ByteWriter out = new ByteWriter()
                .byteValue((state.exists ? EXISTS : 0)
                        | (state.farewell ? FAREWELL : 0)
                        | (spilled ? SPILLED : 0)
                        | (state.erased ? ERASED : 0))
                .varlong(state.touched)
                .varlong(state.unusable.size());
        for (ChangeKey.Row row : state.unusable) {
            out.byteValue(row.table() == Table.USERS ? 0 : 1).id(row.row());
        }
        state.orders.write(out);
        stores.users().put(key, out.toBytes());
    }

    /** Moves a history that has become too long for the header into stores of its own, and an emptied one back. */
    void fit(UserState state, long offset, long sourceTime) {
        if (state.orders instanceof InlineHistory inline && inline.isFull()) {
            // Every later tick is of the change's own time or later. In a snapshot, which has no ticks, that
            // saves the first one from bringing the totals of all orders up to date.
            long asOf = Math.max(progress.clock.time(), sourceTime);
            state.orders = SpilledHistory.spill(inline, program, stores, state.user, asOf, offset);
        } else if (state.orders instanceof SpilledHistory && state.orders.isEmpty()) {
            state.orders = new InlineHistory(program);
        }
    }
}
