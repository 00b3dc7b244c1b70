package dev.freshet.streams.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;

/**
 * Many orders: the rows in a store by order, again in a store by time, and in the header the totals of every window as of
 * some instant, with the places where time will change them next. A change costs the same however many orders there are;
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
    private @Nullable Long newest;

    private SpilledHistory(FeatureProgram program, Stores stores, Id user, long since, long asOf) {
        this.program = program;
        this.stores = stores;
        this.user = user;
        this.since = since;
        this.asOf = asOf;
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
        newest = in.byteValue() == 0 ? null : (Long) in.varlong();
        totals = new Totals[program.windows()];
        oldest = new long[program.windows()];
        for (int window = 0; window < totals.length; window++) {
            oldest[window] = in.varlong();
            totals[window] = new Totals(program.columns(), in);
        }
    }

    @Override
    public void write(ByteWriter out) {
        out.varlong(since).varlong(asOf).varlong(size).varlong(nextToEnter);
        Long last = newest;
        if (last == null) {
            out.byteValue(0);
        } else {
            out.byteValue(1).varlong(last);
        }
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
        remove(order.id());
        byte[] values = values(order);
        stores.orders()
                .put(
                        Keys.order(user, since, order.id()),
                        new ByteWriter()
                                .varlong(order.createdAt())
                                .bytes(values)
                                .toBytes());
        stores.timeline().put(Keys.instant(user, since, order.createdAt(), order.id()), values);
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
        } else if (newest == null || order.createdAt() > newest) {
            newest = order.createdAt();
        }
    }

    @Override
    public void remove(Id id) {
        byte[] key = Keys.order(user, since, id);
        byte[] value = stores.orders().get(key);
        if (value == null) {
            return;
        }
        ByteReader in = new ByteReader(value);
        Order order = new Order(id, in.varlong(), readValues(in));
        long createdAt = order.createdAt();
        stores.orders().delete(key);
        stores.timeline().delete(Keys.instant(user, since, createdAt, id));
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
        if (newest != null && createdAt == newest) {
            newest = lastAtOrBefore(createdAt);
        }
    }

    @Override
    public Evaluation at(long t) {
        if (t < asOf) {
            throw new IllegalStateException("a tick of " + t + " stands behind a change of " + asOf);
        }
        advance(t);
        return new Evaluation(program.values(totals, newest, asOf), nextEdge(asOf));
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
                newest = order.createdAt();
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

    private @Nullable Long lastAtOrBefore(long createdAt) {
        long[] found = {Evaluation.NEVER};
        byte[] from = Keys.instant(user, since, Long.MIN_VALUE);
        stores.timeline().descend(from, Keys.instant(user, since, createdAt + 1), (key, value) -> {
            found[0] = Keys.readInstant(key).createdAt();
            return false;
        });
        return found[0] == Evaluation.NEVER ? null : (Long) found[0];
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
