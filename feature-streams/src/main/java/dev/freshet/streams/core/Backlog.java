package dev.freshet.streams.core;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;

/**
 * Who is owed an emission: users that changed, oldest change first, and users whose features time will change. Derived from
 * the headers, in heap only, and thrown away and rebuilt whenever state is restored.
 */
final class Backlog {
    /** Users owed an emission, each with the offset since when, in rising order of these. */
    private final Map<Id, Long> owed = new LinkedHashMap<>();

    private final Map<Id, Long> timers = new HashMap<>();
    private final TreeSet<Timer> byInstant = new TreeSet<>();

    /** Ticks that are not settled yet. */
    private final Deque<Tick> open = new ArrayDeque<>();

    private record Timer(long due, Id user) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int byDue = Long.compare(due, other.due);
            return byDue != 0 ? byDue : user.compareTo(other.user);
        }
    }

    /** The user is owed an emission since {@code offset}, or since longer. */
    void owe(Id user, long offset) {
        owed.putIfAbsent(user, offset);
    }

    /** The user has been emitted, and is next due at {@code due}. */
    void paid(Id user, long due) {
        owed.remove(user);
        setTimer(user, due);
    }

    /** Sets the instant at which time alone changes the user's features; {@link Evaluation#NEVER} for none. */
    void setTimer(Id user, long due) {
        Long before = due == Evaluation.NEVER ? timers.remove(user) : timers.put(user, due);
        if (before != null && before != due) {
            byInstant.remove(new Timer(before, user));
        }
        if (due != Evaluation.NEVER) {
            byInstant.add(new Timer(due, user));
        }
    }

    /** Turns the timers that are due at {@code tick} into debts. */
    void due(Tick tick) {
        open.add(tick);
        while (!byInstant.isEmpty() && byInstant.first().due <= tick.time()) {
            Id user = byInstant.first().user;
            setTimer(user, Evaluation.NEVER);
            owe(user, tick.offset());
        }
    }

    /** The user that has been owed longest; null if nobody is. */
    @Nullable
    Id next() {
        Iterator<Id> users = owed.keySet().iterator();
        return users.hasNext() ? users.next() : null;
    }

    /** The highest tick none of whose debts is open, of those not settled before; null if there is none. */
    @Nullable
    Tick settle() {
        Iterator<Long> debts = owed.values().iterator();
        long oldest = debts.hasNext() ? debts.next() : Long.MAX_VALUE;
        Tick settled = null;
        Tick first = open.peek();
        while (first != null && first.offset() < oldest) {
            settled = open.remove();
            first = open.peek();
        }
        return settled;
    }

    /** Forgets the open ticks: none of them can be settled before one that is still to come. */
    void discardOpen() {
        open.clear();
    }
}
