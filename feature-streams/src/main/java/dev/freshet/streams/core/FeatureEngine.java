package dev.freshet.streams.core;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.change.Table;
import dev.freshet.schemas.feature.FeatureUpdate;

/**
 * One partition of the change log, turned into features.
 *
 * <p>A change alters a user's state and marks the user as owed an emission. A tick moves the partition's clock, and emits
 * users that are owed one and users whose features time has changed, at most a slice of them; when nobody is owed anything
 * that stands before a tick, the tick is passed on as watermark. What a tick emits has the tick's offset as version and its
 * source time as computed_at, so whoever reads the same log emits the same.
 *
 * <p>Not safe for use by more than one thread. What is in heap only is rebuilt by {@link #restore}, which has to be called
 * before anything else, and again whenever the stores' content has changed under the engine.
 */
public final class FeatureEngine {
    private final FeatureProgram program;
    private final Stores stores;
    private final Emitter out;
    private final int slice;

    private Progress progress = new Progress();
    private Backlog backlog = new Backlog();
    private UserStates users;
    private Garbage garbage;

    /**
     * @param slice how many users a tick emits at the most: bounds the time that one record may take
     */
    public FeatureEngine(Catalogue catalogue, Stores stores, Emitter out, int slice) {
        program = new FeatureProgram(catalogue);
        this.stores = stores;
        this.out = out;
        this.slice = slice;
        users = new UserStates(program, stores, progress);
        garbage = new Garbage(stores);
    }

    /**
     * Forgets what is in heap and rebuilds it from the stores.
     *
     * @param logEnd the end of the log's partition now; asked only if the stores are empty. Nothing is emitted before it,
     *     for a compacted log passes through states that never were
     */
    public void restore(LongSupplier logEnd) {
        progress = Progress.load(stores.progress(), logEnd);
        backlog = new Backlog();
        users = new UserStates(program, stores, progress);
        garbage = new Garbage(stores);
        if (progress.emitting) {
            stores.users().ascend(Keys.FIRST, Keys.END, (key, header) -> {
                restoreDebts(key, users.read(key, header));
                return true;
            });
        }
    }

    /** Offset of an entry that the state holds, and nearly the last; -1 if it holds none. */
    public long reached() {
        return progress.clock.offset();
    }

    /** Whether nothing of the log is in the state, so that the log has to be read from its beginning. */
    public boolean isEmpty() {
        if (reached() >= 0) {
            return false;
        }
        boolean[] hasUsers = {false};
        stores.users().ascend(Keys.FIRST, Keys.END, (key, header) -> {
            hasUsers[0] = true;
            return false;
        });
        return !hasUsers[0];
    }

    private void restoreDebts(byte[] key, UserState state) {
        Progress.Sweep sweep = progress.sweep;
        if (sweep != null && java.util.Arrays.compareUnsigned(key, sweep.from()) >= 0) {
            return; // the sweep is still to come by
        }
        long paidUntil = sweep == null ? progress.settled.offset() : sweep.start();
        if (state.isOwed() && state.touched > paidUntil) {
            // Since when is not stored: since the last settled tick at the earliest, and that is safe.
            backlog.owe(state.user, progress.settled.offset());
        } else if (state.exists) {
            // It was emitted at that time or later; an edge that was covered since is due again, and that is harmless.
            long emittedAt = sweep == null ? progress.settled.time() : sweep.startTime();
            backlog.setTimer(state.user, state.orders.nextEdge(emittedAt));
        }
    }

    /**
     * Takes the next entry of the log. A {@link ForeignStateException} when the state already holds entries from there on:
     * nothing has been changed by then, and the stores have to be replaced.
     *
     * @param offset its offset, higher than any before
     * @param change null for a tombstone
     */
    public void apply(long offset, ChangeKey key, @Nullable Change change) {
        requireBefore(offset, progress.clock.offset());
        if (key instanceof ChangeKey.Row row) {
            applyRow(offset, row, change);
        } else if (key instanceof ChangeKey.UserReset reset) {
            applyReset(offset, reset.user(), change == null);
        } else if (change != null) {
            applyControl(offset, (ChangeKey.Control) key, change);
        }
    }

    /** Whether rows are emitted from here on: the snapshot has ended, and the log is past its compacted part. */
    public boolean isEmitting() {
        return progress.emitting;
    }

    /** Whether the watermark stands still for good. */
    public boolean isHeld() {
        return progress.held;
    }

    /** Takes an entry whose key cannot be read. Some user is wrong from now on, so the watermark stands still for good. */
    public void applyUnreadable() {
        progress.held = true;
        progress.save(stores.progress());
    }

    /** Applied on top of itself a change would be counted twice, and nothing would ever say so. */
    private static void requireBefore(long offset, long reached) {
        if (reached >= offset) {
            throw new ForeignStateException(reached, offset);
        }
    }

    private void applyRow(long offset, ChangeKey.Row row, @Nullable Change change) {
        Change.Body body = change == null ? new Change.RowDeleted() : change.body();
        UserState state = users.load(row.user());
        requireBefore(offset, state.touched);
        if (row.table() == Table.USERS) {
            applyUser(state, body);
        } else if (body instanceof Change.OrderRow order && order.createdAt() != null) {
            state.orders.put(new Order(row.row(), order.createdAt(), order.values()));
        } else {
            // Gone, unusable, or without created_at: in every case it takes part in no feature.
            state.orders.remove(row.row());
        }
        if (body instanceof Change.RowUnusable) {
            state.unusable.add(row);
        } else {
            state.unusable.remove(row);
        }
        state.touched = offset;
        users.fit(state, offset, change == null ? Tick.NONE.time() : change.sourceTime());
        users.save(state);
        if (progress.emitting && state.isOwed()) {
            backlog.owe(state.user, offset);
        }
    }

    /**
     * Whoever sees the table may see the user, whether we know of it or not: so a removal is owed, or the row that follows. Before
     * anything is emitted nobody can have seen the user, and one that is erased is not to be told of.
     *
     * @param isErasure whether nothing is to be left of the user
     */
    private void applyReset(long offset, Id user, boolean isErasure) {
        UserState state = users.load(user);
        requireBefore(offset, state.touched);
        state.exists = false;
        state.farewell = !isErasure || progress.emitting;
        state.erased = isErasure && progress.emitting;
        state.unusable.clear();
        if (state.orders instanceof SpilledHistory spilled) {
            garbage.add(user, spilled.since());
        }
        state.orders = new InlineHistory(program);
        state.touched = offset;
        users.save(state);
        if (progress.emitting) {
            backlog.owe(user, offset);
        }
    }

    private static void applyUser(UserState state, Change.Body body) {
        if (body instanceof Change.UserRow) {
            state.exists = true;
            state.farewell = false;
            state.erased = false;
        } else {
            state.leave();
        }
    }

    private void applyControl(long offset, ChangeKey.Control control, Change change) {
        switch (control) {
            case TICK -> tick(new Tick(offset, change.lsn(), Math.max(change.sourceTime(), progress.clock.time())));
            case SNAPSHOT_END -> progress.snapshotEnded = true;
            case USERS_TRUNCATED -> {
                progress.usersTruncated = offset;
                sweepFromHere(offset);
            }
            case ORDERS_TRUNCATED -> {
                progress.ordersTruncated = offset;
                progress.collection = new Progress.Collection(false, Keys.FIRST);
                sweepFromHere(offset);
            }
        }
        progress.save(stores.progress());
    }

    private void sweepFromHere(long offset) {
        if (progress.emitting) {
            progress.sweep = Progress.Sweep.begin(offset, progress.clock.time());
        }
    }

    private void tick(Tick tick) {
        progress.clock = tick;
        if (!progress.emitting && progress.snapshotEnded && tick.offset() >= progress.quietUntil) {
            progress.emitting = true;
            progress.sweep = Progress.Sweep.begin(tick.offset(), tick.time());
        }
        if (!progress.emitting) {
            return;
        }
        backlog.due(tick);
        int left = sweep(slice);
        Id next = backlog.next();
        while (left > 0 && next != null) {
            emit(users.load(next));
            left--;
            next = backlog.next();
        }
        garbage.collect(left);
        collect(left);
        settle();
    }

    /** Emits users from where the sweep stands; returns what is left of the budget. */
    private int sweep(int budget) {
        Progress.Sweep sweep = progress.sweep;
        if (sweep == null) {
            return budget;
        }
        Slice part = Slice.read(stores.users(), sweep.from(), budget);
        for (Slice.Entry entry : part.entries()) {
            emit(users.read(entry.key(), entry.value()));
        }
        byte[] resume = part.resume();
        progress.sweep = resume == null ? null : sweep.resumeAt(resume);
        return budget - part.entries().size();
    }

    private void emit(UserState state) {
        Tick tick = progress.clock;
        if (state.exists) {
            Evaluation evaluation = state.orders.at(tick.time());
            Long exactUntil = evaluation.exactUntil() == Evaluation.NEVER ? null : (Long) evaluation.exactUntil();
            boolean incomplete = !state.unusable.isEmpty();
            out.emit(
                    state.user,
                    new FeatureUpdate.Row(tick.offset(), tick.time(), exactUntil, incomplete, evaluation.values()));
            backlog.paid(state.user, evaluation.exactUntil());
            if (state.orders instanceof SpilledHistory || state.touched < progress.ordersTruncated) {
                users.save(state); // the totals have moved on to this tick; the truncated orders are no longer needed
            }
        } else {
            if (state.farewell) {
                out.emit(state.user, new FeatureUpdate.Removal(tick.offset(), tick.time()));
                state.farewell = false;
            }
            if (state.erased) {
                out.erase(state.user);
                state.erased = false;
            }
            backlog.paid(state.user, Evaluation.NEVER);
            users.save(state);
        }
    }

    /** Removes a slice of the orders that a TRUNCATE made garbage. */
    private void collect(int budget) {
        Progress.Collection collection = progress.collection;
        if (collection == null) {
            return;
        }
        ByteStore store = collection.inTimeline() ? stores.timeline() : stores.orders();
        Slice part = Slice.read(store, collection.from(), budget);
        for (Slice.Entry entry : part.entries()) {
            if (Keys.since(entry.key()) < progress.ordersTruncated) {
                store.delete(entry.key());
            }
        }
        byte[] resume = part.resume();
        if (resume != null) {
            progress.collection = new Progress.Collection(collection.inTimeline(), resume);
        } else {
            progress.collection = collection.inTimeline() ? null : new Progress.Collection(true, Keys.FIRST);
        }
    }

    private void settle() {
        if (progress.sweep != null || progress.held) {
            backlog.discardOpen();
            return;
        }
        Tick settled = backlog.settle();
        if (settled != null) {
            progress.settled = settled;
            out.emit(new FeatureUpdate.Watermark(settled.offset(), settled.time(), settled.lsn()));
        }
    }
}
