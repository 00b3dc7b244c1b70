package dev.freshet.streams.core;

import java.util.ArrayList;
import java.util.List;

/** What is kept of the orders inside one window: enough to add one, to take one out, and to tell every feature. */
final class Totals {
    private long count;
    private final List<ExactSum> sums;

    Totals(int columns) {
        sums = new ArrayList<>(columns);
        for (int i = 0; i < columns; i++) {
            sums.add(new ExactSum());
        }
    }

    Totals(int columns, ByteReader in) {
        count = in.varlong();
        sums = new ArrayList<>(columns);
        for (int i = 0; i < columns; i++) {
            sums.add(new ExactSum(in));
        }
    }

    void write(ByteWriter out) {
        out.varlong(count);
        sums.forEach(sum -> sum.write(out));
    }

    void add(Order order) {
        count++;
        for (int i = 0; i < sums.size(); i++) {
            sums.get(i).add(order.values().get(i));
        }
    }

    void remove(Order order) {
        count--;
        for (int i = 0; i < sums.size(); i++) {
            sums.get(i).remove(order.values().get(i));
        }
    }

    long count() {
        return count;
    }

    ExactSum sum(int column) {
        return sums.get(column);
    }
}
