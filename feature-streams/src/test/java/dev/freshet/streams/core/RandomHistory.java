package dev.freshet.streams.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.testkit.oracle.Oracle;
import dev.freshet.testkit.oracle.SourceOrder;
import dev.freshet.testkit.oracle.Truth;

/** Random operations on a source, each a transaction of its own that goes through an engine at once. */
final class RandomHistory {
    private static final long BEGINNING = 1_767_225_600L * RandomValues.SECOND;
    private static final int USERS = 24;
    private static final int ORDERS = 700;

    /** How far back a suffix of the log may be sent again. */
    private static final int SUFFIX = 60;

    private final SplittableRandom random;
    private final RandomValues values;
    private final Rig rig;
    private final Source source;
    private final Oracle oracle;
    private final Deque<Entry> recent = new ArrayDeque<>();
    private final Map<Operation, Integer> done = new EnumMap<>(Operation.class);

    RandomHistory(long seed, Catalogue catalogue) {
        random = new SplittableRandom(seed);
        values = new RandomValues(random.split(), catalogue.columns().size());
        rig = new Rig(catalogue, random.split(), BEGINNING, 200);
        source = rig.source;
        oracle = source.oracle;
    }

    void run(int operations) {
        int snapshot = random.nextInt(1, 60);
        boolean settling = true;
        for (int i = 0; i < operations; i++) {
            if (i == snapshot) {
                rig.endSnapshot();
            }
            if (i % 300 == 0) {
                settling = random.nextInt(4) != 0;
            }
            step(settling);
            if (i % 1_000 == 999 && rig.isEmitting()) {
                rig.assertAllRight();
            }
        }
        if (rig.isEmitting()) {
            rig.assertAllRight();
        }
    }

    /** The change log of the history. */
    List<Entry> log() {
        return rig.log;
    }

    Map<Operation, Integer> done() {
        return done;
    }

    private void step(boolean settling) {
        Operation operation = Operation.pick(random);
        done.merge(operation, 1, Integer::sum);
        long time = rig.clock;
        switch (operation) {
            case TIME_PASSES -> time += values.step();
            case TIME_STANDS -> time -= random.nextLong(RandomValues.SECOND); // a clock that was set back
            case TIME_TO_JUST_BEFORE_AN_EDGE -> time = Math.max(time, someEdge() - 1);
            case TIME_TO_AN_EDGE -> time = someEdge();
            case TIME_TO_JUST_AFTER_AN_EDGE -> time = someEdge() + 1;
            case TIME_JUMPS -> time += values.jump();
            case RESEND_SUFFIX -> resendSuffix();
            case SEVERAL_IN_ONE_TRANSACTION -> {
                for (int i = random.nextInt(2, 8); i > 0; i--) {
                    change(Operation.pick(random));
                }
            }
            default -> change(operation);
        }
        if (random.nextInt(3) == 0) {
            time += random.nextLong(100_000);
        }
        Source.Transaction transaction = source.commit();
        remember(transaction.entries());
        if (random.nextInt(30) == 0) {
            rig.feedInVain(transaction, time);
        }
        rig.feed(transaction);
        if (settling && rig.isEmitting()) {
            rig.settle(time);
            rig.assertRight(transaction.touched());
        } else {
            rig.tick(time);
        }
    }

    private void change(Operation operation) {
        Id order = someOrder();
        switch (operation) {
            case INSERT_ORDER -> insertOrder(someUser());
            case INSERT_USER -> source.putUser(someUser());
            case UNUSABLE_USER -> source.putUnusableUser(someUser());
            case DELETE_USER_ALONE -> deleteUser(someUser());
            case DELETE_USER_WITH_ORDERS -> {
                Id user = someUser();
                copy(oracle.ordersOf(user).keySet()).forEach(source::deleteOrder);
                deleteUser(user);
            }
            case ERASE_USER -> {
                Id user = someUser();
                List<Id> orders = copy(oracle.ordersOf(user).keySet());
                orders.forEach(source::deleteOrder);
                deleteUser(user);
                source.erase(user, orders);
            }
            case DELETE_AND_REINSERT_USER -> {
                Id user = someUser();
                deleteUser(user);
                source.putUser(user);
            }
            case BULK_INSERT_INTO_ONE_USER -> {
                Id user = someUser();
                for (int i = random.nextInt(20, 90); i > 0; i--) {
                    insertOrder(user);
                }
            }
            case DRAIN_ONE_USER ->
                copy(oracle.ordersOf(someUser()).keySet()).stream()
                        .skip(random.nextInt(3))
                        .forEach(source::deleteOrder);
            case HEAL -> heal();
            case TRUNCATE_ORDERS -> source.truncateOrders();
            case TRUNCATE_USERS_ALONE -> source.truncateUsers();
            case TRUNCATE_USERS_CASCADE -> {
                source.truncateUsers();
                source.truncateOrders();
            }
            case TRUNCATE_AND_REFILL -> {
                source.truncateOrders();
                Id user = someUser();
                for (int i = 0; i < 60; i++) {
                    insertOrder(i < 50 ? user : someUser());
                }
            }
            case REPAIR_USER -> {
                Id user = someUser();
                source.repair(user, wrongEntries(user));
            }
            default -> {
                if (order != null) {
                    changeOrder(operation, order, oracle.order(order));
                }
            }
        }
    }

    private void changeOrder(Operation operation, Id id, SourceOrder order) {
        switch (operation) {
            case UPDATE_TOTAL ->
                source.putOrder(id, new SourceOrder(order.user(), order.createdAt(), values.columns()));
            case UPDATE_CREATED_AT ->
                source.putOrder(id, new SourceOrder(order.user(), values.createdAt(rig.clock), columnsOf(order)));
            case UPDATE_USER_ID ->
                source.putOrder(id, new SourceOrder(someUser(), order.createdAt(), columnsOf(order)));
            case UPDATE_ALL_COLUMNS -> source.putOrder(id, newOrder(someUser()));
            case UPDATE_ID -> {
                source.deleteOrder(id);
                source.putOrder(freeOrderId(), new SourceOrder(order.user(), order.createdAt(), columnsOf(order)));
            }
            case DELETE_ORDER -> source.deleteOrder(id);
            case DELETE_AND_REINSERT_ONE_ID -> {
                source.deleteOrder(id);
                source.putOrder(id, newOrder(random.nextBoolean() ? order.user() : someUser()));
            }
            case MOVE_THERE_AND_BACK -> {
                source.putOrder(id, newOrder(someUser()));
                source.putOrder(id, newOrder(order.user()));
            }
            case UNUSABLE_ORDER -> source.putOrder(id, SourceOrder.unusable(order.user()));
            default -> {
                // Steps in time and the like are no change; inside a transaction they are nothing.
            }
        }
    }

    /** An unusable order's columns are not known, so an update of it makes them up. */
    private List<dev.freshet.schemas.Numeric> columnsOf(SourceOrder order) {
        return order.isUsable() ? order.values() : values.columns();
    }

    private void heal() {
        for (Id id : copy(oracle.orders())) {
            SourceOrder order = oracle.order(id);
            if (!order.isUsable()) {
                if (random.nextInt(3) == 0) {
                    source.deleteOrder(id);
                } else {
                    source.putOrder(id, newOrder(order.user()));
                }
                return;
            }
        }
    }

    private void deleteUser(Id user) {
        if (oracle.users().contains(user)) {
            source.deleteUser(user);
        }
    }

    /** Orders that there never were, few or too many for the header, and the loss of what there is. */
    private List<Entry> wrongEntries(Id user) {
        List<Entry> wrong = new ArrayList<>();
        if (random.nextInt(4) == 0) {
            oracle.ordersOf(user).keySet().forEach(id -> wrong.add(Entry.deleted(ChangeKey.order(user, id))));
        }
        for (int i = random.nextInt(3) == 0 ? random.nextInt(90) : random.nextInt(3); i > 0; i--) {
            wrong.add(Entry.order(Id.of(1_000_000 + i), newOrder(user)));
        }
        switch (random.nextInt(4)) {
            case 0 -> wrong.add(Entry.deleted(ChangeKey.user(user)));
            case 1 -> wrong.add(Entry.order(Id.of(2_000_000), SourceOrder.unusable(user)));
            case 2 -> wrong.add(Entry.user(user));
            default -> {
                // right, for once
            }
        }
        return wrong;
    }

    private void insertOrder(Id user) {
        source.putOrder(freeOrderId(), newOrder(user));
    }

    private SourceOrder newOrder(Id user) {
        return new SourceOrder(user, values.createdAt(rig.clock), values.columns());
    }

    private void resendSuffix() {
        if (!recent.isEmpty()) {
            rig.feed(new ArrayList<>(recent).subList(random.nextInt(recent.size()), recent.size()));
        }
    }

    private void remember(List<Entry> entries) {
        recent.addAll(entries);
        while (recent.size() > SUFFIX) {
            recent.remove();
        }
    }

    /** An instant at which time alone changes some user's features; the clock if there is none. */
    private long someEdge() {
        Id user = someUser();
        Truth truth = oracle.at(user, rig.clock);
        return truth == null || truth.exactUntil() == null || truth.exactUntil() > rig.clock + 40 * RandomValues.DAY
                ? rig.clock
                : truth.exactUntil();
    }

    /** Low numbers are taken more often, so that some users become heavy; a few ids are texts or negative. */
    private Id someUser() {
        int number = random.nextInt(random.nextInt(1, USERS + 1));
        return number % 7 == 5 ? Id.of("user-" + number) : number % 7 == 3 ? Id.of(-number) : Id.of(number);
    }

    private @Nullable Id someOrder() {
        Collection<Id> orders = oracle.orders();
        return orders.isEmpty() ? null : copy(orders).get(random.nextInt(orders.size()));
    }

    /** An id that no order has now, though one may have had it; if all are taken, one of the taken. */
    private Id freeOrderId() {
        Id id = orderId();
        for (int attempts = 0; attempts < 20 && oracle.order(id) != null; attempts++) {
            id = orderId();
        }
        return id;
    }

    private Id orderId() {
        int number = random.nextInt(ORDERS);
        return number % 11 == 5 ? Id.of("order-" + number) : Id.of(number);
    }

    private static List<Id> copy(Collection<Id> ids) {
        return new ArrayList<>(ids);
    }
}
