package dev.freshet.streams;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.TaskId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.StateCopy;
import dev.freshet.runtime.generation.StateCopy.Job;
import dev.freshet.runtime.generation.StateCopy.Keeping;
import dev.freshet.runtime.lifecycle.Diagnosis;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;

/** Which copies of state one run of a job keeps, and how often each began to be filled. Safe for use by many threads. */
final class JobCopies implements StateRestoreListener, StandbyUpdateListener {
    private static final Logger log = LoggerFactory.getLogger(JobCopies.class);

    /** The topology is in one piece. */
    private static final int SUBTOPOLOGY = 0;

    private final Job job;
    private final String application;
    private final Path directory;
    private final LocalState local;
    private final Map<Integer, Long> fills = new ConcurrentHashMap<>();

    private JobCopies(Job job, String application, Path directory, LocalState local) {
        this.job = job;
        this.application = application;
        this.directory = directory;
        this.local = local;
    }

    /** @param erasures counted before the files were looked at */
    static JobCopies of(FreshetConfig config, int generation, long erasures, LocalState local) {
        String application = config.names().application(generation);
        return of(
                new Job(
                        generation,
                        config.streams().membership().instanceId(),
                        UUID.randomUUID().toString(),
                        erasures),
                application,
                config.streams().requireStateDir().resolve(application),
                local);
    }

    static JobCopies of(Job job, String application, Path directory, LocalState local) {
        return new JobCopies(job, application, directory, local);
    }

    /** What there is of each of the partitions. */
    List<StateCopy> of(int partitions, KafkaStreams streams) {
        Map<Integer, Long> filled = Map.copyOf(fills); // before all else: what begins meanwhile is to be noticed
        try {
            boolean isRunning = streams.state() == KafkaStreams.State.RUNNING;
            Map<Integer, Map<String, Long>> positions = positions(streams);
            return each(
                    partitions,
                    partition -> new StateCopy(
                            job,
                            partition,
                            isRunning,
                            keeping(partition, positions.containsKey(partition)),
                            filled.getOrDefault(partition, 0L),
                            positions.getOrDefault(partition, Map.of())));
        } catch (RuntimeException e) {
            if (Diagnosis.isInterruption(e)) {
                Thread.currentThread().interrupt(); // what asks is being closed
            }
            // A task that is being closed, or brokers that are away: asked again in a second.
            log.warn("cannot tell what is kept of the state reason={}", Quoted.of(e));
            return each(
                    partitions,
                    partition -> new StateCopy(
                            job, partition, false, Keeping.IDLE, filled.getOrDefault(partition, 0L), Map.of()));
        }
    }

    private static List<StateCopy> each(int partitions, IntFunction<StateCopy> copy) {
        return IntStream.range(0, partitions).mapToObj(copy).toList();
    }

    /** By partition and changelog, what has been taken in. */
    private Map<Integer, Map<String, Long>> positions(KafkaStreams streams) {
        Map<Integer, Map<String, Long>> positions = new HashMap<>();
        streams.allLocalStorePartitionLags()
                .forEach((store, lags) -> lags.forEach((partition, lag) -> positions
                        .computeIfAbsent(partition, any -> new HashMap<>())
                        .put(application + "-" + store + "-changelog", lag.currentOffsetPosition())));
        return positions;
    }

    private Keeping keeping(int partition, boolean isInUse) {
        if (isInUse) {
            return Keeping.IN_USE;
        }
        return Files.isDirectory(files(partition)) ? Keeping.IDLE : Keeping.NOTHING;
    }

    private Path files(int partition) {
        return directory
                .resolve(new TaskId(SUBTOPOLOGY, partition).toString())
                .resolve("rocksdb"); // the task's own directory stays for a while
    }

    private void filled(TopicPartition changelog) {
        fills.merge(changelog.partition(), 1L, Long::sum);
    }

    /**
     * A state that is ahead of its changelog has outlived what the brokers held. Kafka Streams would take it for up to date,
     * or, if their reply is quick, make it anew from what is left of the changelog and go on where the group stands: with less
     * than it has processed.
     *
     * @throws Stop.Operator if so; also at each start from then on
     */
    @Override
    public void onRestoreStart(TopicPartition changelog, String store, long from, long to) {
        if (from > to) {
            throw local.lost(changelog + " ends at offset=" + to + ", before offset=" + from
                    + " which the state has reached: the brokers have lost what they held");
        }
        filled(changelog);
    }

    @Override
    public void onUpdateStart(TopicPartition changelog, String store, long from) {
        filled(changelog);
    }

    @Override
    public void onBatchRestored(TopicPartition changelog, String store, long to, long count) {
        // Positions are asked for.
    }

    @Override
    public void onRestoreEnd(TopicPartition changelog, String store, long count) {
        // As above.
    }

    @Override
    public void onBatchLoaded(
            TopicPartition changelog, String store, TaskId task, long position, long count, long end) {
        // As above.
    }

    @Override
    public void onUpdateSuspended(TopicPartition changelog, String store, long position, long end, SuspendReason why) {
        // It goes on, or is filled anew.
    }
}
