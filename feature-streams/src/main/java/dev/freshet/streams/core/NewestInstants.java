package dev.freshet.streams.core;

import java.util.ArrayList;
import java.util.List;

/**
 * The few newest created_at of a history, newest first. When the newest order goes the next one is here: looking for it in
 * the store would lead across the tombstones of all the newest orders that went before. Equal instants stand as often as
 * there are orders of them.
 */
final class NewestInstants {
    /** As many newest orders may go and others come without a look at the store; each costs the header some bytes. */
    static final int CAPACITY = 16;

    private final List<Long> instants;

    /** Whether there is no order that is not here. */
    private boolean whole;

    NewestInstants() {
        instants = new ArrayList<>(CAPACITY + 1);
        whole = true;
    }

    NewestInstants(ByteReader in) {
        whole = in.byteValue() == 1;
        int count = in.count();
        instants = new ArrayList<>(CAPACITY + 1);
        long instant = 0;
        for (int i = 0; i < count; i++) {
            instant = i == 0 ? in.varlong() : instant - in.varlong();
            instants.add(instant);
        }
    }

    void write(ByteWriter out) {
        out.byteValue(whole ? 1 : 0).varlong(instants.size());
        long previous = 0;
        for (int i = 0; i < instants.size(); i++) {
            long instant = instants.get(i);
            out.varlong(i == 0 ? instant : previous - instant);
            previous = instant;
        }
    }

    void add(long instant) {
        int at = 0;
        while (at < instants.size() && instants.get(at) > instant) {
            at++;
        }
        if (at == instants.size() && !whole) {
            return; // others that are not here may be newer
        }
        instants.add(at, instant);
        if (instants.size() > CAPACITY) {
            instants.remove(CAPACITY);
            whole = false;
        }
    }

    /** Which of several orders of the instant it was makes no difference. */
    void remove(long instant) {
        instants.remove((Long) instant);
    }

    /** Whether there are orders, but none is here. */
    boolean isUsedUp() {
        return instants.isEmpty() && !whole;
    }

    /**
     * Fills up what was used up.
     *
     * @param newest the newest instants, newest first, at most the capacity
     * @param areAll whether there are no more
     */
    void refill(List<Long> newest, boolean areAll) {
        instants.clear();
        instants.addAll(newest);
        whole = areAll;
    }

    boolean isEmpty() {
        return instants.isEmpty();
    }

    long newest() {
        return instants.get(0);
    }
}
