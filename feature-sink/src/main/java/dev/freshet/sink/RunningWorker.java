package dev.freshet.sink;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.Membership;
import dev.freshet.runtime.generation.BuildPace;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationFollower;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.kafka.TopicAdmin;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.sink.sql.GenerationTarget;

/** The thread and the consumer of one generation. */
final class RunningWorker implements GenerationFollower.Part {
    private static final Logger log = LoggerFactory.getLogger(RunningWorker.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;
    private final Thread thread;
    private volatile CloseOptions.GroupMembershipOperation atTheEnd =
            CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP;

    private RunningWorker(
            SinkParts parts,
            Generation generation,
            BuildPace.Worker pace,
            java.util.function.Consumer<Throwable> onFailure) {
        consumer = new KafkaConsumer<>(
                properties(parts, generation), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        parts.meter().reads(generation.number(), consumer::metrics);
        GenerationTarget target = new GenerationTarget(
                generation.number(), parts.names().table(generation.number()), generation.partitions());
        thread = new Thread(() -> run(parts, target, pace, onFailure), "sink-g" + generation.number());
    }

    /**
     * Makes the topics it needs, if they are not there, and starts.
     *
     * @param pace that a replay keeps
     * @param onFailure told once, when the worker cannot go on
     */
    static RunningWorker start(
            SinkParts parts,
            Generation generation,
            BuildPace.Worker pace,
            java.util.function.Consumer<Throwable> onFailure)
            throws InterruptedException {
        Topics topics = new Topics(parts.names(), parts.config().kafka());
        try (Admin admin = Admin.create(new ClientProperties(parts.config().kafka())
                .admin(parts.names().sinkGroup(generation.number()) + ".admin"))) {
            new TopicAdmin(admin, parts.time())
                    .ensure(List.of(
                            topics.features(generation.number(), generation.partitions()), topics.deadLetters()));
        }
        RunningWorker worker = new RunningWorker(parts, generation, pace, onFailure);
        worker.thread.start();
        return worker;
    }

    private static Map<String, Object> properties(SinkParts parts, Generation generation) {
        String group = parts.names().sinkGroup(generation.number());
        Membership membership = parts.config().sink().membership();
        Map<String, Object> properties = new HashMap<>(
                new ClientProperties(parts.config().kafka()).consumer(group + "." + membership.instanceId()));
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, membership.instanceId());
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, membership.sessionTimeoutMillis());
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, membership.heartbeatIntervalMillis());
        properties.put(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, parts.config().sink().maxBatch());
        properties.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        return properties;
    }

    private void run(
            SinkParts parts,
            GenerationTarget target,
            BuildPace.Worker pace,
            java.util.function.Consumer<Throwable> onFailure) {
        try {
            new GenerationWorker(parts, target, pace).run(consumer);
        } catch (WakeupException e) {
            log.debug("asked to end");
        } catch (FencedInstanceIdException e) {
            onFailure.accept(new Stop.Operator(
                    "another sink runs under the same sink.instance.id", "Give each sink an id of its own", e));
        } catch (OffsetOutOfRangeException e) {
            onFailure.accept(new Stop.Operator(
                    "the features topic does not hold the positions stored in the target: " + e.getMessage(),
                    Generations.REBUILD,
                    e));
        } catch (RuntimeException | Error e) {
            onFailure.accept(e);
        } finally {
            parts.meter().readsNoMore(target.generation());
            consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT).withGroupMembershipOperation(atTheEnd));
        }
    }

    /** Ends it for good: others take its partitions at once. */
    @Override
    public void abandon() {
        atTheEnd = CloseOptions.GroupMembershipOperation.LEAVE_GROUP;
        close();
    }

    /** Ends it; an instance that returns within the session timeout finds its partitions as it left them. */
    @Override
    public void close() {
        consumer.wakeup();
        boolean wasInterrupted = false;
        while (true) {
            try {
                thread.join(2 * CLOSE_TIMEOUT.toMillis());
                break;
            } catch (InterruptedException e) {
                wasInterrupted = true; // the thread's connection and its place in the group have to be given back first
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            log.warn("a worker did not end in time thread={}", thread.getName());
        }
    }
}
