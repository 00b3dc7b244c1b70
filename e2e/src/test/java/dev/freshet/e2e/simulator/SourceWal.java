package dev.freshet.e2e.simulator;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.testkit.oracle.Oracle;
import dev.freshet.testkit.oracle.SourceOrder;

/** The source: its tables, and its transactions in commit order as logical decoding tells them. */
final class SourceWal {
    final Oracle tables;

    private final List<Transaction> transactions = new ArrayList<>();
    private List<Event> events = new ArrayList<>();
    private long lsn;

    /** One entry of the change log; a null value is a tombstone. */
    record LogEntry(ChangeKey key, Change.@Nullable Body body) {}

    /** One captured change, which takes several entries if it moves a row or removes one. */
    record Event(long lsn, List<LogEntry> entries) {}

    /**
     * @param end LSN of its end
     * @param commitTime by the source's clock, which may be set back
     * @param time running maximum of commit times
     * @param after the tables after it
     */
    record Transaction(long end, long commitTime, long time, List<Event> events, Oracle after) {}

    SourceWal(Catalogue catalogue) {
        tables = new Oracle(catalogue);
    }

    /** A transaction without events is a sign of life. */
    void commit(long commitTime) {
        long time = transactions.isEmpty() ? commitTime : Math.max(commitTime, last().time);
        boolean changed = !events.isEmpty() || transactions.isEmpty();
        transactions.add(new Transaction(++lsn, commitTime, time, events, changed ? tables.copy() : last().after));
        events = new ArrayList<>();
    }

    Transaction last() {
        return transactions.get(transactions.size() - 1);
    }

    Transaction get(int index) {
        return transactions.get(index);
    }

    int size() {
        return transactions.size();
    }

    /** The number of transactions that end at or before this LSN. */
    int countUpTo(long at) {
        int low = 0;
        int high = transactions.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (transactions.get(middle).end <= at) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The last transaction that ends at or before this LSN; null for none. */
    @Nullable
    Transaction upTo(long at) {
        int count = countUpTo(at);
        return count == 0 ? null : transactions.get(count - 1);
    }

    void putUser(Id user) {
        tables.putUser(user);
        add(new LogEntry(ChangeKey.user(user), new Change.UserRow()));
    }

    void deleteUser(Id user) {
        tables.deleteUser(user);
        add(removal(ChangeKey.user(user)));
    }

    /** INSERT or UPDATE; of another user, it is a move. */
    void putOrder(Id id, SourceOrder order) {
        SourceOrder before = tables.order(id);
        tables.putOrder(id, order);
        List<LogEntry> entries = new ArrayList<>();
        if (before != null && !before.user().equals(order.user())) {
            entries.addAll(List.of(removal(ChangeKey.order(before.user(), id))));
        }
        entries.add(entry(id, order));
        add(entries.toArray(LogEntry[]::new));
    }

    void deleteOrder(Id id) {
        Id user = tables.order(id).user();
        tables.deleteOrder(id);
        add(removal(ChangeKey.order(user, id)));
    }

    void truncateOrders() {
        tables.truncateOrders();
        add(new LogEntry(ChangeKey.Control.ORDERS_TRUNCATED, Change.CONTROL));
    }

    void truncateUsers() {
        tables.truncateUsers();
        add(new LogEntry(ChangeKey.Control.USERS_TRUNCATED, Change.CONTROL));
    }

    /** What replaces all that is known of a user. */
    static List<LogEntry> repair(Oracle tables, Id user) {
        List<LogEntry> entries = new ArrayList<>();
        entries.add(new LogEntry(new ChangeKey.UserReset(user), Change.CONTROL));
        if (tables.hasUser(user)) {
            entries.add(new LogEntry(ChangeKey.user(user), new Change.UserRow()));
        }
        tables.ordersOf(user).forEach((id, order) -> entries.add(entry(id, order)));
        return entries;
    }

    /** All rows as a snapshot reads them. */
    static List<LogEntry> rows(Oracle tables) {
        List<LogEntry> rows = new ArrayList<>();
        tables.users().forEach(user -> rows.add(new LogEntry(ChangeKey.user(user), new Change.UserRow())));
        tables.orders().forEach(id -> rows.add(entry(id, tables.order(id))));
        return rows;
    }

    private static LogEntry entry(Id id, SourceOrder order) {
        return new LogEntry(ChangeKey.order(order.user(), id), new Change.OrderRow(order.createdAt(), order.values()));
    }

    private static LogEntry[] removal(ChangeKey.Row key) {
        return new LogEntry[] {new LogEntry(key, new Change.RowDeleted()), new LogEntry(key, null)};
    }

    private void add(LogEntry... entries) {
        events.add(new Event(++lsn, List.of(entries)));
    }
}
