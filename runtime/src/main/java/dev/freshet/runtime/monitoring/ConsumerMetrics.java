package dev.freshet.runtime.monitoring;

import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** What consumers tell of themselves, summed up over those that are meant; 0 while nothing has been fetched. */
public final class ConsumerMetrics {
    private static final String GROUP = "consumer-fetch-manager-metrics";

    private ConsumerMetrics() {}

    /** Records that have not been read, of all partitions of these clients. */
    public static double lag(Map<MetricName, ? extends Metric> metrics, Predicate<String> clientId) {
        return sum(metrics, clientId, name -> name.name().equals("records-lag"));
    }

    /** Records that these clients have handed out; what is read twice counts twice. */
    public static double read(Map<MetricName, ? extends Metric> metrics, Predicate<String> clientId) {
        return sum(
                metrics,
                clientId,
                name -> name.name().equals("records-consumed-total")
                        && !name.tags().containsKey("topic")); // told for each topic, too
    }

    private static double sum(
            Map<MetricName, ? extends Metric> metrics, Predicate<String> clientId, Predicate<MetricName> wanted) {
        return metrics.entrySet().stream()
                .filter(entry -> entry.getKey().group().equals(GROUP)
                        && wanted.test(entry.getKey())
                        && clientId.test(entry.getKey().tags().getOrDefault("client-id", "")))
                .map(entry -> entry.getValue().metricValue())
                .mapToDouble(value -> value instanceof Double number && !number.isNaN() ? number : 0)
                .sum();
    }
}
