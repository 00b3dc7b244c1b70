package dev.freshet.sink;

import java.util.concurrent.atomic.LongAdder;

import dev.freshet.sink.sql.Written;

/** What a sink has done since it started, over all generations. Safe to read by any thread. */
public final class SinkMeter {
    private final LongAdder transactions = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder removals = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder letters = new LongAdder();

    void count(Written written) {
        transactions.increment();
        rows.add(written.rows());
        removals.add(written.removals());
        rejected.add(written.rejected());
        letters.add(written.letters());
    }

    public long transactions() {
        return transactions.sum();
    }

    /** Users inserted or updated. */
    public long rows() {
        return rows.sum();
    }

    /** Users deleted. */
    public long removals() {
        return removals.sum();
    }

    /** Entries older than what the table held. Always 0, or a promise of the protocol is broken. */
    public long guardRejected() {
        return rejected.sum();
    }

    /** Entries that went to the dead letters. */
    public long deadLetters() {
        return letters.sum();
    }
}
