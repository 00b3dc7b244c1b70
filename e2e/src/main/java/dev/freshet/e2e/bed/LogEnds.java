package dev.freshet.e2e.bed;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

import dev.freshet.runtime.config.FreshetConfig;

/** How far topics go, as sums over their partitions; 0 of a topic that is not there. */
public final class LogEnds implements AutoCloseable {
    private static final long SECONDS = 5;

    private final Admin admin;

    LogEnds(FreshetConfig config) {
        String millis = Long.toString(TimeUnit.SECONDS.toMillis(SECONDS));
        Map<String, Object> properties = new HashMap<>();
        properties.put(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.kafka().bootstrapServers());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        admin = Admin.create(properties);
    }

    /** Of what is committed. */
    public long committed(String topic) throws InterruptedException {
        return end(topic, BedConfig.PARTITIONS, IsolationLevel.READ_COMMITTED);
    }

    /** With what may yet be aborted, or never ended. */
    public long written(String topic) throws InterruptedException {
        return end(topic, BedConfig.PARTITIONS, IsolationLevel.READ_UNCOMMITTED);
    }

    /** With the records to come that end the transactions of what is written, one in each partition at most. */
    public long ended(String topic) throws InterruptedException {
        return written(topic) + BedConfig.PARTITIONS;
    }

    /** Of a topic that has one partition. */
    public long ofOnlyPartition(String topic) throws InterruptedException {
        return end(topic, 1, IsolationLevel.READ_COMMITTED);
    }

    private long end(String topic, int partitions, IsolationLevel level) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = IntStream.range(0, partitions)
                .mapToObj(number -> new TopicPartition(topic, number))
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        try {
            return admin
                    .listOffsets(asked, new ListOffsetsOptions(level))
                    .all()
                    .get(SECONDS, TimeUnit.SECONDS)
                    .values()
                    .stream()
                    .mapToLong(found -> found.offset())
                    .sum();
        } catch (ExecutionException | TimeoutException e) {
            return 0; // not there yet, or away
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
