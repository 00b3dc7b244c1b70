package dev.freshet.runtime.monitoring;

import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** How far consumers are behind, by their own metrics. */
public final class ConsumerLag {
    private static final String GROUP = "consumer-fetch-manager-metrics";

    private ConsumerLag() {}

    /** Records that have not been read, of all partitions of these clients; 0 while nothing has been fetched. */
    public static double of(Map<MetricName, ? extends Metric> metrics, Predicate<String> clientId) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(GROUP)
                        && entry.getKey().name().equals("records-lag")
                        && clientId.test(entry.getKey().tags().getOrDefault("client-id", "")))
                .map(entry -> entry.getValue().metricValue())
                .mapToDouble(value -> value instanceof Double lag && !lag.isNaN() ? lag : 0)
                .sum();
    }
}
