package dev.freshet.streams;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.BuildPace;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationFollower;
import dev.freshet.runtime.generation.StateCopy;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.kafka.TopicAdmin;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.runtime.lifecycle.Diagnosis;
import dev.freshet.runtime.lifecycle.Quoted;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.RegistryUnavailableException;

/** The job of one generation, running. */
final class RunningJob implements GenerationFollower.Part {
    private static final Logger log = LoggerFactory.getLogger(RunningJob.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final Generation generation;
    private final KafkaStreams streams;

    private final StreamsMonitor monitor;
    private final JobCopies copies;

    RunningJob(Generation generation, KafkaStreams streams, StreamsMonitor monitor, JobCopies copies) {
        this.generation = generation;
        this.streams = streams;
        this.monitor = monitor;
        this.copies = copies;
    }

    /**
     * Who is told of it.
     *
     * @param onFailure told once, with a {@link Stop}, when the job cannot go on
     */
    record Watchers(StreamsMonitor monitor, Consumer<Throwable> onFailure) {}

    /**
     * What it depends on.
     *
     * @param erasures counts them
     */
    record Outside(SchemaRegistryClient registry, Erasures erasures) {}

    /** {@link dev.freshet.runtime.generation.ErasureRegister#count()} */
    interface Erasures {
        long count() throws InterruptedException;
    }

    /**
     * Waits for the registry and the topics as long as it takes, then starts.
     *
     * @param pace that a replay keeps
     */
    static RunningJob start(
            FreshetConfig config, Generation generation, Outside outside, BuildPace pace, Time time, Watchers watchers)
            throws InterruptedException {
        int number = generation.number();
        LocalState local = new LocalState(
                config.streams().requireStateDir(), config.names().application(number));
        local.requireKept();
        FeatureJob job = FeatureJob.of(
                config.names(), generation, config.catalogue(), config.streams().emitSlice(), outside.registry());
        Retry.forever("registering schemas", Backoff.standard(), RegistryUnavailableException.class::isInstance, time)
                .run(job.codecs()::register);
        LogEnd logEnd = prepareTopics(config, generation, time);
        LogSchemas schemas = new LogSchemas(job.codecs().changes(), time);
        StreamsClients clients = new StreamsClients(
                schemas::isSettled,
                pace.worker(number),
                time,
                watchers.monitor().commits());
        KafkaStreams streams = new KafkaStreams(
                FeatureTopology.of(
                        job,
                        schemas,
                        logEnd,
                        clients.reader(job.changesTopic(), job.featuresTopic()),
                        watchers.monitor().log(number),
                        time),
                new StreamsConfig(StreamsProperties.of(config, number)),
                clients);
        streams.setUncaughtExceptionHandler(failure -> onUncaught(failure, local, watchers.onFailure()));
        streams.setStateListener(
                (now, before) -> log.info("streams generation={} state={} before={}", number, now, before));
        // Not before the topics were waited for: that may have been for the end of an erasure.
        long erasures = outside.erasures().count();
        local.forgetIfOlderThan(erasures, streams::cleanUp);
        local.forgetIfCorrupt(streams::cleanUp);
        JobCopies copies = JobCopies.of(config, number, erasures, local);
        streams.setGlobalStateRestoreListener(copies);
        streams.setStandbyUpdateListener(copies);
        watchers.monitor().started(number, StreamsMonitor.Job.of(streams));
        try {
            streams.start();
        } catch (StreamsException e) {
            streams.close(CLOSE_TIMEOUT);
            throw stop(e, local);
        }
        return new RunningJob(generation, streams, watchers.monitor(), copies);
    }

    /** What it keeps of the state of each partition. */
    List<StateCopy> copies() {
        return copies.of(generation.partitions(), streams);
    }

    private static LogEnd prepareTopics(FreshetConfig config, Generation generation, Time time)
            throws InterruptedException {
        Topics topics = new Topics(config.names(), config.kafka());
        int partitions = generation.partitions();
        try (Admin admin = Admin.create(new ClientProperties(config.kafka())
                .admin(config.names().application(generation.number()) + ".admin"))) {
            TopicAdmin admins = new TopicAdmin(admin, time);
            admins.ensure(List.of(
                    topics.changes(generation.log().number(), partitions),
                    topics.features(generation.number(), partitions),
                    topics.deadLetters()));
            // Kafka Streams makes them, and takes those that exist as they are. An erasure alters other settings of
            // them.
            admins.requireOfExisting(StreamsChecks.internalTopics(config, topics, generation));
            return logEnd(admin, config.names().changes(generation.log().number()), partitions);
        }
    }

    private static LogEnd logEnd(Admin admin, String topic, int partitions) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(number -> new TopicPartition(topic, number), number -> OffsetSpec.latest()));
        try {
            long[] ends = new long[partitions];
            admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get()
                    .forEach((partition, end) -> ends[partition.partition()] = end.offset());
            return number -> ends[number];
        } catch (ExecutionException e) {
            throw new KafkaException("cannot ask for the end of " + topic, e.getCause());
        }
    }

    private static StreamThreadExceptionResponse onUncaught(
            Throwable failure, LocalState local, Consumer<Throwable> onFailure) {
        log.error("stream thread failed reason={}", Quoted.of(root(failure)), failure);
        onFailure.accept(stop(failure, local));
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    static Stop stop(Throwable failure, LocalState local) {
        Throwable cause = root(failure);
        if (CorruptStateException.isCauseOf(failure)) {
            return local.corrupt(cause);
        }
        if (Diagnosis.isOfAnotherInPlace(failure)) {
            return new Stop.Operator(
                    "another streams runs under the same streams.instance.id", "Give each an id of its own", failure);
        }
        // Whatever else it was, the last committed state is good, and a supervisor restarts us from there.
        return Diagnosis.stop(failure)
                .orElseGet(() -> new Stop.Restart("the stream job failed: " + cause.getMessage(), failure));
    }

    private static Throwable root(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof Stop)) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Leaves the group, so that others take over at once, and forgets the local state: the generation is not wanted. */
    @Override
    public void abandon() {
        monitor.ended(generation.number());
        try {
            if (streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(CLOSE_TIMEOUT))) {
                streams.cleanUp();
                return;
            }
            log.warn("the stream job did not close in time, and its state stays generation={}", generation.number());
        } catch (StreamsException e) {
            // Disk is all that it costs: other generations go on.
            log.warn("the local state of a generation stays generation={}", generation.number(), e);
        }
    }

    /** Stays in the group: an instance that restarts within the session timeout finds its partitions as it left them. */
    @Override
    public void close() {
        if (!streams.close(CLOSE_TIMEOUT)) {
            log.warn("the stream job did not close in time generation={}", generation.number());
        }
    }
}
