package dev.freshet.streams.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.testkit.oracle.SourceOrder;

/** Cost, counted as calls of the stores and entries visited, which no busy machine can blur. */
class CostTest {
    private static final Id USER = Id.of(1);
    private static final long NOW = 1_780_000_000_000_000L;

    /** A change and the tick behind it: both read and write the header and progress; the rest is the order's two rows, or the newest instants. */
    private static final long PER_CHANGE = 32;

    private final Stores stores = MemoryStore.four();
    private final FeatureEngine engine = new FeatureEngine(Catalogue.standard(), stores, new Nowhere(), 1_000);
    private long offset;
    private long sourceTime;

    @Test
    void aChangeCostsTheSameForAUserOf100OrdersAndOfAHundredThousand() {
        start(100);
        long few = worstOfSomeChanges(100);

        for (int order = 100; order < 100_000; order++) {
            put(order);
        }
        tick(NOW);
        long many = worstOfSomeChanges(100_000);

        System.out.println("store calls per change and tick: " + few + " with 100 orders, " + many + " with 100,000");
        assertThat(many).isLessThanOrEqualTo(PER_CHANGE).isLessThanOrEqualTo(2 * few);
    }

    @Test
    void aChangeOfAUserWithTenOrdersTouchesTheHeaderOnly() {
        start(10);

        assertThat(worstOfSomeChanges(10)).isLessThanOrEqualTo(8);
        assertThat(((MemoryStore) stores.orders()).size()).isZero();
    }

    @Test
    void deletingTheNewestOverAndOverCostsTheSameEveryTime() {
        start(20_000);
        for (int order = 19_999; order >= 1_000; order--) {
            int newest = order;
            assertThat(calls(() -> delete(newest))).isLessThanOrEqualTo(PER_CHANGE);
        }
    }

    @Test
    void newestOrdersThatComeAndGoOverAndOverCostTheSameEveryTime() {
        start(1_000);
        for (int order = 1_000; order < 20_000; order++) {
            int newest = order;
            assertThat(calls(() -> put(newest))).isLessThanOrEqualTo(PER_CHANGE);
            assertThat(calls(() -> delete(newest))).isLessThanOrEqualTo(PER_CHANGE);
        }
    }

    @Test
    void anEditOfAnAmountWritesNoMoreThanTheHeaderAndTheOrder() {
        start(1_000);
        int rows = ((MemoryStore) stores.timeline()).size();
        long before = allCalls();
        put(500);
        assertThat(allCalls() - before).isEqualTo(2 + 3); // the header, where the order is, the order
        assertThat(((MemoryStore) stores.timeline()).size()).isEqualTo(rows);
    }

    @Test
    void deletingTheOldestOverAndOverCostsTheSameEveryTime() {
        start(20_000);
        for (int order = 0; order < 19_000; order++) {
            int oldest = order;
            assertThat(calls(() -> delete(oldest))).isLessThanOrEqualTo(PER_CHANGE);
        }
    }

    @Test
    void aResetCostsTheSameHoweverManyOrdersThereAre() {
        start(20_000);
        long before = allCalls();
        engine.apply(++offset, new ChangeKey.UserReset(USER), new Change(0, 0, Change.CONTROL));
        assertThat(allCalls() - before).isLessThanOrEqualTo(3); // the header twice, and a note of the garbage
    }

    @Test
    void aTickThatOwesNothingVisitsNoUser() {
        start(1_000);
        assertThat(calls(() -> {})).isLessThanOrEqualTo(2);
    }

    @Test
    void theFirstTickBehindASnapshotDoesNotGoOverAllOrdersAgain() {
        sourceTime = NOW;
        engine.restore(() -> 0);
        engine.apply(++offset, ChangeKey.user(USER), new Change(0, NOW, new Change.UserRow()));
        for (int order = 0; order < 100_000; order++) {
            put(order);
        }
        engine.apply(++offset, ChangeKey.Control.SNAPSHOT_END, new Change(0, NOW, Change.CONTROL));
        long before = allCalls();
        tick(NOW + 1_000_000);
        assertThat(allCalls() - before).isLessThanOrEqualTo(PER_CHANGE);
    }

    private void start(int orders) {
        engine.restore(() -> 0);
        engine.apply(++offset, ChangeKey.user(USER), new Change(0, 0, new Change.UserRow()));
        for (int order = 0; order < orders; order++) {
            put(order);
        }
        engine.apply(++offset, ChangeKey.Control.SNAPSHOT_END, new Change(0, 0, Change.CONTROL));
        tick(NOW);
    }

    /** Inserts, updates, moves in time and deletes at both ends and in the middle; leaves the orders as they were. */
    private long worstOfSomeChanges(int orders) {
        long worst = 0;
        for (int order : new int[] {0, 1, orders / 2, orders - 2, orders - 1}) {
            worst = Math.max(worst, calls(() -> delete(order)));
            worst = Math.max(worst, calls(() -> put(order)));
            worst = Math.max(worst, calls(() -> put(order)));
        }
        return worst;
    }

    /** The calls that a change takes, with the tick that emits it. */
    private long calls(Runnable change) {
        long before = allCalls();
        change.run();
        tick(NOW);
        return allCalls() - before;
    }

    private long allCalls() {
        return ((MemoryStore) stores.users()).calls
                + ((MemoryStore) stores.orders()).calls
                + ((MemoryStore) stores.timeline()).calls
                + ((MemoryStore) stores.progress()).calls;
    }

    /** Orders come in order of time, a second apart, the newest of 100,000 an hour before now. */
    private void put(int order) {
        long createdAt = NOW - 3_600_000_000L - (100_000L - order) * 1_000_000;
        Numeric total = Numeric.of(BigDecimal.valueOf(order, 2));
        Entry entry = Entry.order(Id.of(order), new SourceOrder(USER, createdAt, List.of(total)));
        Change change = entry.change();
        engine.apply(++offset, entry.key(), new Change(0, sourceTime, change.body()));
    }

    private void delete(int order) {
        Entry entry = Entry.deleted(ChangeKey.order(USER, Id.of(order)));
        engine.apply(++offset, entry.key(), entry.change());
    }

    private void tick(long time) {
        engine.apply(++offset, ChangeKey.Control.TICK, new Change(offset, time, Change.CONTROL));
    }

    private static final class Nowhere implements Emitter {
        @Override
        public void emit(Id user, FeatureUpdate update) {}

        @Override
        public void erase(Id user) {}

        @Override
        public void emit(FeatureUpdate.Watermark watermark) {}
    }
}
