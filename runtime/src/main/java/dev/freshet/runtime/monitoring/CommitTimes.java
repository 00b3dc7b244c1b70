package dev.freshet.runtime.monitoring;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** How many commits a process has made, and how long they took. Safe for use by many threads. */
public final class CommitTimes {
    private final LongAdder count = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** Notes one. */
    public void add(long tookNanos) {
        count.increment();
        nanos.add(tookNanos);
    }

    /** Registers them as freshet_commit_seconds of this process. */
    public void measure(MeterRegistry meters, String process) {
        FunctionTimer.builder("freshet.commit", this, it -> it.count.sum(), it -> it.nanos.sum(), TimeUnit.NANOSECONDS)
                .description("Transactions committed: ingest's and streams' in Kafka, the sink's in the target")
                .tag("process", process)
                .register(meters);
    }
}
