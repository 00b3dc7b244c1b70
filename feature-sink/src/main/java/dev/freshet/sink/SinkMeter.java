package dev.freshet.sink;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

import dev.freshet.runtime.monitoring.ByGeneration;
import dev.freshet.runtime.monitoring.CommitTimes;
import dev.freshet.runtime.monitoring.ConsumerMetrics;
import dev.freshet.sink.sql.Written;

/** What a sink has done since it started, over all generations. Safe to read by any thread. */
public final class SinkMeter {
    private final LongAdder transactions = new LongAdder();
    private final LongAdder rows = new LongAdder();
    private final LongAdder removals = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder letters = new LongAdder();

    private final CommitTimes commits = new CommitTimes();
    private final ByGeneration lags = new ByGeneration();

    /** Of the consumer of a generation. */
    void reads(int generation, Supplier<Map<MetricName, ? extends Metric>> metrics) {
        lags.reads(generation, () -> ConsumerMetrics.lag(metrics.get(), any -> true));
    }

    void readsNoMore(int generation) {
        lags.readsNoMore(generation);
    }

    /** Entries that its consumers have not read yet. */
    ByGeneration lags() {
        return lags;
    }

    CommitTimes commits() {
        return commits;
    }

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
