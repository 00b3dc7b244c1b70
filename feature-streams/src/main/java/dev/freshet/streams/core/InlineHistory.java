package dev.freshet.streams.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;

/**
 * Few orders, all in the user's header, sorted by created_at. Nothing derived is stored: every evaluation goes over all of
 * them, which for so few costs less than keeping totals would.
 */
final class InlineHistory implements History {
    /** Beyond this many orders, reading and writing them all costs more than stores of their own do. */
    static final int CAPACITY = 48;

    private static final Comparator<Order> BY_TIME = Comparator.comparingLong(Order::createdAt);

    private final FeatureProgram program;
    private final List<Order> orders;

    InlineHistory(FeatureProgram program) {
        this.program = program;
        orders = new ArrayList<>();
    }

    InlineHistory(FeatureProgram program, ByteReader in) {
        this.program = program;
        int count = in.count();
        orders = new ArrayList<>(count + 1);
        long createdAt = 0;
        for (int i = 0; i < count; i++) {
            createdAt += in.varlong();
            Id id = in.id();
            List<@Nullable Numeric> values = new ArrayList<>(program.columns());
            for (int column = 0; column < program.columns(); column++) {
                values.add(in.numeric());
            }
            orders.add(new Order(id, createdAt, values));
        }
    }

    @Override
    public void write(ByteWriter out) {
        out.varlong(orders.size());
        long previous = 0;
        for (Order order : orders) {
            out.varlong(order.createdAt() - previous).id(order.id());
            order.values().forEach(out::numeric);
            previous = order.createdAt();
        }
    }

    List<Order> orders() {
        return Collections.unmodifiableList(orders);
    }

    boolean isFull() {
        return orders.size() > CAPACITY;
    }

    @Override
    public void put(Order order) {
        remove(order.id());
        int at = Collections.binarySearch(orders, order, BY_TIME);
        orders.add(at < 0 ? -at - 1 : at, order);
    }

    @Override
    public void remove(Id order) {
        orders.removeIf(kept -> kept.id().equals(order));
    }

    @Override
    public boolean isEmpty() {
        return orders.isEmpty();
    }

    @Override
    public Evaluation at(long t) {
        Totals[] totals = program.emptyTotals();
        Long newest = null;
        for (Order order : orders) {
            if (order.createdAt() > t) {
                break;
            }
            newest = order.createdAt();
            for (int window = 0; window < totals.length; window++) {
                if (order.createdAt() > program.opensAfter(window, t)) {
                    totals[window].add(order);
                }
            }
        }
        return new Evaluation(program.values(totals, newest, t), nextEdge(t));
    }

    @Override
    public long nextEdge(long t) {
        long edge = Evaluation.NEVER;
        for (Order order : orders) {
            if (order.createdAt() > t) {
                return Math.min(edge, order.createdAt());
            }
            for (int window = 0; window < program.windows(); window++) {
                long leaves = program.leavesAt(window, order.createdAt());
                if (leaves > t) {
                    edge = Math.min(edge, leaves);
                }
            }
        }
        return edge;
    }
}
