package dev.freshet.streams.core;

import org.jspecify.annotations.Nullable;

/** How far a partition has come. One small entry, written with every tick. Mutable. */
final class Progress {
    private static final byte[] KEY = {0};

    /** The highest tick. */
    Tick clock = Tick.NONE;

    /** The highest tick all of whose debts are paid: the partition's watermark. */
    Tick settled = Tick.NONE;

    /** The snapshot's end stands before. */
    boolean snapshotEnded;

    /** Rows are emitted from here on: the snapshot has ended, and the log is past its compacted part. */
    boolean emitting;

    /** Nothing is emitted before this offset: a compacted log passes through states that never were. */
    long quietUntil;

    /** A key could not be read, so some user is wrong and nobody knows which: the watermark stands still. */
    boolean held;

    /** Offset of the last TRUNCATE of users and of orders: rows before it count as absent. */
    long usersTruncated = -1;

    long ordersTruncated = -1;

    /** The sweep over all users that goes on, a slice with every tick. */
    @Nullable
    Sweep sweep;

    /** The collection of truncated orders that goes on, a slice with every tick. */
    @Nullable
    Collection collection;

    /**
     * @param from the first user that is still to be swept
     * @param start offset at which the sweep began
     * @param startTime the partition's clock at that moment: what is swept is emitted then or later
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Sweep(byte[] from, long start, long startTime) {
        static Sweep begin(long start, long startTime) {
            return new Sweep(Keys.FIRST, start, startTime);
        }

        Sweep resumeAt(byte[] key) {
            return new Sweep(key, start, startTime);
        }
    }

    /**
     * @param inTimeline whether the orders are done, and the timeline is being collected
     * @param from the first key that is still to be looked at
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Collection(boolean inTimeline, byte[] from) {}

    /** What is stored, or the beginning; {@code quietUntil} counts only for the latter. */
    static Progress load(ByteStore store, java.util.function.LongSupplier quietUntil) {
        byte[] stored = store.get(KEY);
        Progress progress = new Progress();
        if (stored == null) {
            progress.quietUntil = quietUntil.getAsLong();
            return progress;
        }
        ByteReader in = new ByteReader(stored);
        progress.clock = tick(in);
        progress.settled = tick(in);
        progress.snapshotEnded = in.byteValue() == 1;
        progress.emitting = in.byteValue() == 1;
        progress.held = in.byteValue() == 1;
        progress.quietUntil = in.varlong();
        progress.usersTruncated = in.varlong();
        progress.ordersTruncated = in.varlong();
        if (in.byteValue() == 1) {
            long start = in.varlong();
            long startTime = in.varlong();
            progress.sweep = new Sweep(in.bytes(in.count()), start, startTime);
        }
        if (in.byteValue() == 1) {
            boolean inTimeline = in.byteValue() == 1;
            progress.collection = new Collection(inTimeline, in.bytes(in.count()));
        }
        return progress;
    }

    void save(ByteStore store) {
        ByteWriter out = new ByteWriter();
        write(out, clock);
        write(out, settled);
        out.byteValue(snapshotEnded ? 1 : 0).byteValue(emitting ? 1 : 0).byteValue(held ? 1 : 0);
        out.varlong(quietUntil).varlong(usersTruncated).varlong(ordersTruncated);
        Sweep sweeping = sweep;
        out.byteValue(sweeping == null ? 0 : 1);
        if (sweeping != null) {
            out.varlong(sweeping.start).varlong(sweeping.startTime);
            out.varlong(sweeping.from.length).bytes(sweeping.from);
        }
        Collection collecting = collection;
        out.byteValue(collecting == null ? 0 : 1);
        if (collecting != null) {
            out.byteValue(collecting.inTimeline ? 1 : 0)
                    .varlong(collecting.from.length)
                    .bytes(collecting.from);
        }
        store.put(KEY, out.toBytes());
    }

    private static void write(ByteWriter out, Tick tick) {
        out.varlong(tick.offset()).varlong(tick.lsn()).varlong(tick.time());
    }

    private static Tick tick(ByteReader in) {
        return new Tick(in.varlong(), in.varlong(), in.varlong());
    }
}
