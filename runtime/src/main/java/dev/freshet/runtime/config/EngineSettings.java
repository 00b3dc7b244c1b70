package dev.freshet.runtime.config;

import java.time.Duration;
import java.util.Map;

/**
 * How Debezium reads.
 *
 * @param pollInterval how long it rests when there is nothing; each poll ends in a busy spin, so 1 ms burns half a core
 * @param heartbeatInterval how often it says how far it has come when no change of ours passes
 * @param properties Debezium's own, passed on as they are; may hold secrets
 */
public record EngineSettings(
        Duration pollInterval,
        Duration heartbeatInterval,
        int maxBatchSize,
        int maxQueueSize,
        Map<String, String> properties) {
    public EngineSettings {
        properties = Map.copyOf(properties);
        Faults faults = new Faults();
        Ranges.millis(faults, "ingest.poll.interval.ms", pollInterval, 1, 1_000);
        Ranges.millis(faults, "ingest.heartbeat.interval.ms", heartbeatInterval, 1, 1_000);
        Ranges.integer(faults, "ingest.max.batch.size", maxBatchSize, 1, 1_000_000);
        faults.require(
                maxQueueSize > maxBatchSize,
                "ingest.max.queue.size",
                maxQueueSize,
                "write a number above ingest.max.batch.size, which is " + maxBatchSize);
        DebeziumKeys.check(faults, "ingest.properties", properties);
        NamedFiles.check(faults, "ingest.properties", properties);
        faults.throwIfAny();
    }

    @Override
    public String toString() {
        return "EngineSettings[pollInterval=" + pollInterval + ", heartbeatInterval=" + heartbeatInterval
                + ", maxBatchSize=" + maxBatchSize + ", maxQueueSize=" + maxQueueSize + ", properties="
                + properties.keySet() + "]";
    }
}
