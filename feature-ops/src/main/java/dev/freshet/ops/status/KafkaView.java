package dev.freshet.ops.status;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.kafka.ClientProperties;

/** What the brokers tell. */
final class KafkaView implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final FreshetConfig config;
    private final Admin admin;

    KafkaView(FreshetConfig config) {
        this.config = config;
        Map<String, Object> properties = new HashMap<>(new ClientProperties(config.kafka()).admin("freshet-status"));
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS / 2);
        admin = Admin.create(properties);
    }

    /** Entries of the change log that streams has not committed; null if there is no such topic. */
    @Nullable
    Long streamsLag(Generation generation) throws InterruptedException, ExecutionException {
        Map<Integer, Long> ends = ends(config.names().changes(generation.log().number()), generation.partitions());
        Map<Integer, Long> committed = new HashMap<>();
        await(admin.listConsumerGroupOffsets(config.names().application(generation.number()))
                        .partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        committed.put(partition.partition(), offset.offset());
                    }
                });
        return ends == null ? null : behind(ends, committed);
    }

    /** Ends of the features topic, by partition; null if there is no such topic. */
    @Nullable
    Map<Integer, Long> featureEnds(Generation generation) throws InterruptedException, ExecutionException {
        return ends(config.names().features(generation.number()), generation.partitions());
    }

    /** @param reached asked for behind the ends, or whoever keeps up would seem to be behind */
    static long behind(Map<Integer, Long> ends, Map<Integer, Long> reached) {
        return ends.entrySet().stream()
                .mapToLong(end -> Math.max(0, end.getValue() - reached.getOrDefault(end.getKey(), 0L)))
                .sum();
    }

    boolean hasDeadLetters() throws InterruptedException, ExecutionException {
        return ends(config.names().deadLetters(), 1) != null;
    }

    private @Nullable Map<Integer, Long> ends(String topic, int partitions)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> asked = IntStream.range(0, partitions)
                .mapToObj(number -> new TopicPartition(topic, number))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        try {
            Map<Integer, Long> ends = new HashMap<>();
            await(admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .all())
                    .forEach((partition, info) -> ends.put(partition.partition(), info.offset()));
            return ends;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw e;
        }
    }

    private static <T> T await(KafkaFuture<T> future) throws InterruptedException, ExecutionException {
        return future.get();
    }

    @Override
    public void close() {
        admin.close();
    }
}
