package dev.freshet.streams;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.streams.KafkaStreams;

import dev.freshet.runtime.kafka.HangingTransactions.Hanging;
import dev.freshet.runtime.monitoring.ByGeneration;
import dev.freshet.runtime.monitoring.CommitTimes;
import dev.freshet.runtime.monitoring.ConsumerMetrics;
import dev.freshet.runtime.monitoring.Monitored;
import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.monitoring.Reason.Code;
import dev.freshet.runtime.monitoring.Server;

/** How the jobs of a streams process are. Safe for use by many threads. */
final class StreamsMonitor implements Monitored {

    /** A running job, as Kafka Streams tells of it. */
    record Job(Supplier<KafkaStreams.State> state, Supplier<Map<MetricName, ? extends Metric>> metrics) {
        static Job of(KafkaStreams streams) {
            return new Job(streams::state, streams::metrics);
        }
    }

    private record Partition(int generation, int number) {}

    private final Map<Integer, Job> jobs = new ConcurrentHashMap<>();
    private final ByGeneration lags = new ByGeneration();
    private final ByGeneration entries = new ByGeneration();
    private final LongAdder deadLetters = new LongAdder();
    private final Set<Partition> held = ConcurrentHashMap.newKeySet();
    private final CommitTimes commits = new CommitTimes();
    private volatile List<Hanging> hanging = List.of();
    private volatile boolean asked;
    private volatile int wanted;

    /** How many generations are to have a job. */
    void wants(int generations) {
        wanted = generations;
        asked = true;
    }

    void started(int generation, Job job) {
        jobs.put(generation, job);
        lags.reads(generation, () -> ConsumerMetrics.lag(job.metrics().get(), StreamsMonitor::readsTheLog));
        entries.reads(generation, () -> ConsumerMetrics.read(job.metrics().get(), StreamsMonitor::readsTheLog));
    }

    void ended(int generation) {
        jobs.remove(generation);
        lags.readsNoMore(generation);
        entries.readsNoMore(generation);
    }

    /** Told by the tasks of a generation's job. */
    LogEvents log(int generation) {
        return new LogEvents() {
            @Override
            public void deadLetter() {
                deadLetters.increment();
            }

            @Override
            public void held(int partition) {
                held.add(new Partition(generation, partition));
            }

            @Override
            public void released(int partition) {
                held.remove(new Partition(generation, partition));
            }
        };
    }

    /** Transactions that stay without an end. */
    void hanging(List<Hanging> transactions) {
        hanging = List.copyOf(transactions);
    }

    CommitTimes commits() {
        return commits;
    }

    @Override
    public Set<Server> needs() {
        return Set.of(Server.TARGET, Server.KAFKA, Server.REGISTRY);
    }

    @Override
    public List<Reason> reasons() {
        if (asked && wanted == 0) {
            return List.of(new Reason(Code.NO_GENERATION, "no generation has been begun: ingest does that"));
        }
        if (jobs.size() < Math.max(1, wanted)) {
            return List.of(new Reason(Code.STARTING, "streams prepares its job"));
        }
        return Stream.concat(
                        hanging.stream().map(StreamsMonitor::reason),
                        jobs.entrySet().stream()
                                .filter(job -> job.getValue().state().get() != KafkaStreams.State.RUNNING)
                                .map(job -> reason(
                                        job.getKey(), job.getValue().state().get())))
                .toList();
    }

    private static Reason reason(Hanging hanging) {
        return new Reason(
                Code.TRANSACTION_HANGS,
                "Kafka does not end a transaction in " + hanging.open().partition() + " from offset "
                        + hanging.open().since() + " on, "
                        + (hanging.isGivenUp()
                                ? "and streams cannot: see its log"
                                : "and nobody can tell whether it was to be committed"));
    }

    private static Reason reason(int generation, KafkaStreams.State state) {
        Code code =
                switch (state) {
                    case CREATED, REBALANCING, RUNNING -> Code.REBALANCING;
                    case PENDING_SHUTDOWN, NOT_RUNNING, PENDING_ERROR, ERROR -> Code.ENDED;
                };
        return new Reason(code, "the job of generation " + generation + " is in state " + state);
    }

    @Override
    public void look(Server database, Connection connection) {
        // The register is followed anyway, and nothing else of a database concerns streams.
    }

    @Override
    public void measure(MeterRegistry meters) {
        lags.gauge(
                meters,
                "freshet.streams.lag",
                "Entries of a generation's change log that this process has not read yet, of its partitions");
        entries.counter(
                meters,
                "freshet.entries.read",
                "Entries of a generation's change log that this process has read since it began with that");
        FunctionCounter.builder("freshet.dead.letters", deadLetters, LongAdder::sum)
                .description("Records that could not be used since the start, each kept as a dead letter")
                .tag("process", "streams")
                .register(meters);
        Gauge.builder("freshet.held.partitions", held, Set::size)
                .description("Partitions of this process whose watermark stands still for good")
                .register(meters);
        Gauge.builder("freshet.hanging.transactions", () -> hanging.size())
                .description("Transactions on this deployment's topics that Kafka does not end, by partition")
                .register(meters);
        commits.measure(meters, "streams");
    }

    /** The beginning of a client's name is the deployment's, whatever that is. */
    private static boolean readsTheLog(String client) {
        return client.endsWith("-consumer") && !client.endsWith("-restore-consumer");
    }
}
