package dev.freshet.streams.core;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.testkit.oracle.Oracle;
import dev.freshet.testkit.oracle.SourceOrder;

/** A source database: what is done to it changes the oracle's tables, and is kept as the log entries of one transaction. */
final class Source {
    final Oracle oracle;

    private List<Entry> transaction = new ArrayList<>();
    private Set<Id> touched = new LinkedHashSet<>();

    /** A source transaction as the log has it, and the users whose features it may have changed. */
    record Transaction(List<Entry> entries, Set<Id> touched) {}

    Source(Catalogue catalogue) {
        oracle = new Oracle(catalogue);
    }

    Transaction commit() {
        Transaction committed = new Transaction(transaction, touched);
        transaction = new ArrayList<>();
        touched = new LinkedHashSet<>();
        return committed;
    }

    void putUser(Id user) {
        oracle.putUser(user);
        append(user, Entry.user(user));
    }

    void putUnusableUser(Id user) {
        oracle.putUnusableUser(user);
        append(user, Entry.unusableUser(user));
    }

    void deleteUser(Id user) {
        oracle.deleteUser(user);
        appendDelete(ChangeKey.user(user));
    }

    /** INSERT, or UPDATE of any column but the id: a new user_id makes it a move. */
    void putOrder(Id id, SourceOrder order) {
        SourceOrder before = oracle.order(id);
        if (before != null && !before.user().equals(order.user())) {
            appendDelete(ChangeKey.order(before.user(), id));
        }
        oracle.putOrder(id, order);
        append(order.user(), Entry.order(id, order));
    }

    void deleteOrder(Id id) {
        SourceOrder before = oracle.order(id);
        oracle.deleteOrder(id);
        appendDelete(ChangeKey.order(before.user(), id));
    }

    void truncateOrders() {
        oracle.users().forEach(touched::add);
        oracle.truncateOrders();
        transaction.add(Entry.control(ChangeKey.Control.ORDERS_TRUNCATED));
    }

    void truncateUsers() {
        oracle.users().forEach(touched::add);
        oracle.truncateUsers();
        transaction.add(Entry.control(ChangeKey.Control.USERS_TRUNCATED));
    }

    /**
     * What ingest appends to repair a user: the reset, and the user's rows as they are.
     *
     * @param wrong entries of this user that never should have been in the log
     */
    void repair(Id user, List<Entry> wrong) {
        transaction.addAll(wrong);
        append(user, Entry.reset(user));
        if (oracle.users().contains(user)) {
            append(user, oracle.hasUser(user) ? Entry.user(user) : Entry.unusableUser(user));
        }
        oracle.ordersOf(user).forEach((id, order) -> append(user, Entry.order(id, order)));
    }

    /** What ingest appends of a user whom the source does not have, and of whom nothing is to be left. */
    void erase(Id user, List<Id> orders) {
        transaction.add(Entry.tombstone(ChangeKey.user(user)));
        orders.forEach(order -> transaction.add(Entry.tombstone(ChangeKey.order(user, order))));
        append(user, Entry.erasure(user));
    }

    private void appendDelete(ChangeKey.Row row) {
        append(row.user(), Entry.deleted(row));
        transaction.add(Entry.tombstone(row));
    }

    private void append(Id user, Entry entry) {
        touched.add(user);
        transaction.add(entry);
    }
}
