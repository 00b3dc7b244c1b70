package dev.freshet.streams.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;

/**
 * Many orders: the rows in a store by time, where in that they are in a store by order, and in the header the totals of every
 * window as of some instant, with the places where time will change them next. A change costs the same however many orders there are;
 * a step in time costs what it lets in and out.
 *
 * <p>Seeks start at a row that is there or was there a moment ago, never at the beginning of a range: deleted rows leave
 * tombstones, and a seek across many of them is what makes queues in an LSM store slow.
 */
final class SpilledHistory implements History {
    private final FeatureProgram program;
    private final Stores stores;
    private final Id user;

    /** Offset in the log since which this user's orders are kept apart. */
    private final long since;

    private final Totals[] totals;

    /** The instant the totals are of. */
    private long asOf;

    private long size;

    /** By window: the oldest created_at still in the window or still to enter it; {@link Evaluation#NEVER} for none. */
    private final long[] oldest;

    /** The smallest created_at after asOf; {@link Evaluation#NEVER} for none. */
    private long nextToEnter = Evaluation.NEVER;

    /** The newest created_at at or before asOf. */
    private final NewestInstants newest;

    private SpilledHistory(FeatureProgram program, Stores stores, Id user, long since, long asOf) {
        this.program = program;
        this.stores = stores;
        this.user = user;
        this.since = since;
        this.asOf = asOf;
        newest = new NewestInstants();
        totals = program.emptyTotals();
        oldest = new long[program.windows()];
        java.util.Arrays.fill(oldest, Evaluation.NEVER);
    }

    /**
     * Moves the orders of {@code inline} into the stores.
     *
     * @param asOf an instant that no later evaluation is before
     */
    static SpilledHistory spill(
            InlineHistory inline, FeatureProgram program, Stores stores, Id user, long asOf, long since) {
        SpilledHistory spilled = new SpilledHistory(program, stores, user, since, asOf);
        inline.orders().forEach(spilled::put);
        return spilled;
    }

    SpilledHistory(FeatureProgram program, Stores stores, Id user, ByteReader in) {
        this.program = program;
        this.stores = stores;
        this.user = user;
        since = in.varlong();
        asOf = in.varlong();
        size = in.varlong();
        nextToEnter = in.varlong();
        newest = new NewestInstants(in);
        totals = new Totals[program.windows()];
        oldest = new long[program.windows()];
        for (int window = 0; window < totals.length; window++) {
            oldest[window] = in.varlong();
            totals[window] = new Totals(program.columns(), in);
        }
    }

    long since() {
        return since;
    }

    @Override
    public void write(ByteWriter out) {
        out.varlong(since).varlong(asOf).varlong(size).varlong(nextToEnter);
        newest.write(out);
        for (int window = 0; window < totals.length; window++) {
            out.varlong(oldest[window]);
            totals[window].write(out);
        }
    }

    @Override
    public boolean isEmpty() {
        return size == 0;
    }

    @Override
    public void put(Order order) {
        Order before = find(order.id());
        if (before != null && before.createdAt() != order.createdAt()) {
            take(before);
            before = null;
        }
        byte[] instant = Keys.instant(user, since, order.createdAt(), order.id());
        stores.timeline().put(instant, values(order));
        if (before == null) {
            byte[] createdAt = new ByteWriter().varlong(order.createdAt()).toBytes();
            stores.orders().put(Keys.order(user, since, order.id()), createdAt);
            enter(order);
        } else {
            replace(before, order);
        }
    }

    @Override
    public void remove(Id id) {
        Order order = find(id);
        if (order != null) {
            take(order);
        }
    }

    private @Nullable Order find(Id id) {
        byte[] where = stores.orders().get(Keys.order(user, since, id));
        if (where == null) {
            return null;
        }
        long createdAt = new ByteReader(where).varlong();
        byte[] values = stores.timeline().get(Keys.instant(user, since, createdAt, id));
        if (values == null) {
            throw new IllegalStateException("order " + id + " of user " + user + " is not in the timeline");
        }
        return new Order(id, createdAt, readValues(new ByteReader(values)));
    }

    private void enter(Order order) {
        size++;
        for (int window = 0; window < totals.length; window++) {
            if (order.createdAt() > program.opensAfter(window, asOf)) {
                oldest[window] = Math.min(oldest[window], order.createdAt());
                if (order.createdAt() <= asOf) {
                    totals[window].add(order);
                }
            }
        }
        if (order.createdAt() > asOf) {
            nextToEnter = Math.min(nextToEnter, order.createdAt());
        } else {
            newest.add(order.createdAt());
        }
    }

    /** The instant is the same, so only totals change. */
    private void replace(Order before, Order order) {
        for (int window = 0; window < totals.length; window++) {
            if (order.createdAt() > program.opensAfter(window, asOf) && order.createdAt() <= asOf) {
                totals[window].remove(before);
                totals[window].add(order);
            }
        }
    }

    private void take(Order order) {
        long createdAt = order.createdAt();
        stores.orders().delete(Keys.order(user, since, order.id()));
        stores.timeline().delete(Keys.instant(user, since, createdAt, order.id()));
        size--;
        for (int window = 0; window < totals.length; window++) {
            if (createdAt > program.opensAfter(window, asOf)) {
                if (createdAt <= asOf) {
                    totals[window].remove(order);
                }
                if (createdAt == oldest[window]) {
                    oldest[window] = firstAtOrAfter(createdAt);
                }
            }
        }
        if (createdAt == nextToEnter) {
            nextToEnter = firstAtOrAfter(createdAt);
        }
        if (createdAt <= asOf) {
            newest.remove(createdAt);
            if (newest.isUsedUp()) {
                refillNewest(createdAt);
            }
        }
    }

    @Override
    public Evaluation at(long t) {
        if (t < asOf) {
            throw new IllegalStateException("a tick of " + t + " stands behind a change of " + asOf);
        }
        advance(t);
        Long last = newest.isEmpty() ? null : (Long) newest.newest();
        return new Evaluation(program.values(totals, last, asOf), nextEdge(asOf));
    }

    /** The totals stand at asOf, beyond which nothing was evaluated yet: so that is where to look from, not {@code t}. */
    @Override
    public long nextEdge(long t) {
        long edge = nextToEnter;
        for (int window = 0; window < totals.length; window++) {
            edge = Math.min(edge, program.leavesAt(window, oldest[window]));
        }
        return edge;
    }

    private void advance(long t) {
        for (int window = 0; window < totals.length; window++) {
            long opensAfter = program.opensAfter(window, t);
            if (oldest[window] <= opensAfter) {
                Totals left = totals[window];
                forEach(oldest[window], Math.min(opensAfter, asOf), left::remove);
                oldest[window] = firstAtOrAfter(opensAfter + 1);
            }
        }
        if (nextToEnter <= t) {
            forEach(nextToEnter, t, order -> {
                newest.add(order.createdAt());
                for (int window = 0; window < totals.length; window++) {
                    if (order.createdAt() > program.opensAfter(window, t)) {
                        totals[window].add(order);
                    }
                }
            });
            nextToEnter = firstAtOrAfter(t + 1);
        }
        asOf = t;
    }

    /** Visits orders with created_at in [from, to], oldest first. */
    private void forEach(long from, long to, java.util.function.Consumer<Order> visitor) {
        if (from > to) {
            return;
        }
        stores.timeline().ascend(Keys.instant(user, since, from), Keys.instant(user, since, to + 1), (key, value) -> {
            Keys.Instant instant = Keys.readInstant(key);
            visitor.accept(new Order(instant.order(), instant.createdAt(), readValues(new ByteReader(value))));
            return true;
        });
    }

    private long firstAtOrAfter(long createdAt) {
        long[] found = {Evaluation.NEVER};
        byte[] from = Keys.instant(user, since, createdAt);
        stores.timeline().ascend(from, Keys.afterInstants(user, since), (key, value) -> {
            found[0] = Keys.readInstant(key).createdAt();
            return false;
        });
        return found[0];
    }

    private void refillNewest(long atOrBefore) {
        List<Long> found = new ArrayList<>(NewestInstants.CAPACITY);
        byte[] from = Keys.instant(user, since, Long.MIN_VALUE);
        stores.timeline().descend(from, Keys.instant(user, since, atOrBefore + 1), (key, value) -> {
            found.add(Keys.readInstant(key).createdAt());
            return found.size() < NewestInstants.CAPACITY;
        });
        newest.refill(found, found.size() < NewestInstants.CAPACITY);
    }

    private static byte[] values(Order order) {
        ByteWriter out = new ByteWriter();
        order.values().forEach(out::numeric);
        return out.toBytes();
    }

    private List<@Nullable Numeric> readValues(ByteReader in) {
        List<@Nullable Numeric> values = new ArrayList<>(program.columns());
        for (int column = 0; column < program.columns(); column++) {
            values.add(in.numeric());
        }
        return values;
    }
}
