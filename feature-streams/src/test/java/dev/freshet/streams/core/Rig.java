package dev.freshet.streams.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;

/** An engine with a log before it and a table behind it, which restarts whenever chance wants it to. */
final class Rig {
    final Source source;
    final EmittedTable table;
    final Stores stores = MemoryStore.four();

    /** Every entry that was not fed in vain. */
    final List<Entry> log = new ArrayList<>();

    /** The highest source time that was ticked. */
    long clock;

    private final Catalogue catalogue;
    private final SplittableRandom random;

    /** One restart in so many entries, on average. */
    private final int restarts;

    private FeatureEngine engine;
    private long offset;
    private long quietUntil;
    private boolean snapshotEnded;
    private boolean emitting;

    Rig(Catalogue catalogue, SplittableRandom random, long clock, int restarts) {
        this.catalogue = catalogue;
        this.random = random;
        this.clock = clock;
        this.restarts = restarts;
        source = new Source(catalogue);
        table = new EmittedTable(source.oracle);
        engine = newEngine();
        restore();
    }

    private FeatureEngine newEngine() {
        int slice = random.nextBoolean() ? random.nextInt(1, 6) : 1_000;
        return new FeatureEngine(catalogue, stores, table, slice);
    }

    private void restore() {
        engine.restore(() -> quietUntil = offset + random.nextInt(30));
    }

    /** Whether rows are emitted from here on. */
    boolean isEmitting() {
        return emitting;
    }

    /** Any function that rises will do. */
    static long lsnOf(long offset) {
        return 1_000 + 3 * offset;
    }

    private void maybeRestart() {
        if (random.nextInt(restarts) == 0) {
            if (random.nextBoolean()) {
                engine = newEngine();
            }
            restore();
        }
    }

    long feed(Entry entry) {
        maybeRestart();
        if (!table.isMuted) {
            log.add(entry);
        }
        offset += random.nextInt(1, 3);
        engine.apply(offset, entry.key(), entry.change());
        return offset;
    }

    void feed(Source.Transaction transaction) {
        feed(transaction.entries());
        transaction.touched().forEach(user -> table.touched(user, offset));
    }

    /** Feeds the transaction and some ticks, and then everything is as if it had not been: the execution aborts. */
    void feedInVain(Source.Transaction transaction, long time) {
        List<NavigableMap<byte[], byte[]>> before =
                memories().map(MemoryStore::snapshot).toList();
        long offsetBefore = offset;
        table.isMuted = true;
        feed(transaction.entries());
        for (int ticks = random.nextInt(5); ticks > 0; ticks--) {
            offset++;
            engine.apply(offset, ChangeKey.Control.TICK, new Change(lsnOf(offset), time, Change.CONTROL));
        }
        table.isMuted = false;
        offset = offsetBefore;
        Iterator<NavigableMap<byte[], byte[]>> snapshots = before.iterator();
        memories().forEach(store -> store.rollBackTo(snapshots.next()));
        restore();
    }

    private Stream<MemoryStore> memories() {
        return Stream.of(stores.users(), stores.orders(), stores.timeline(), stores.progress())
                .map(MemoryStore.class::cast);
    }

    void feed(List<Entry> entries) {
        entries.forEach(this::feed);
    }

    void endSnapshot() {
        feed(Entry.control(ChangeKey.Control.SNAPSHOT_END));
        snapshotEnded = true;
    }

    /** One tick; a source time before the clock does not turn it back. */
    void tick(long time) {
        clock = Math.max(clock, time);
        maybeRestart();
        offset++;
        table.ticking(new Tick(offset, lsnOf(offset), clock));
        int before = table.emissions;
        Entry entry = new Entry(ChangeKey.Control.TICK, new Change(lsnOf(offset), time, Change.CONTROL));
        log.add(entry);
        engine.apply(offset, entry.key(), entry.change());
        if (!snapshotEnded || offset < quietUntil) {
            assertThat(table.emissions).as("emissions before the time has come").isEqualTo(before);
        } else {
            emitting = true;
        }
    }

    /** Ticks until the watermark has caught up with a tick at {@code time}, which takes a bounded number of ticks. */
    void settle(long time) {
        tick(time);
        long goal = offset;
        int bound = 20 + 4 * ((MemoryStore) stores.users()).size();
        for (int ticks = 0; table.watermark.version() < goal; ticks++) {
            assertThat(ticks).as("ticks until the watermark has caught up").isLessThan(bound);
            tick(clock);
        }
    }

    /** Settles at the clock, and compares all. */
    void assertAllRight() {
        settle(clock);
        table.assertAllRight();
    }

    void assertRight(Iterable<Id> users) {
        users.forEach(table::assertRight);
    }
}
