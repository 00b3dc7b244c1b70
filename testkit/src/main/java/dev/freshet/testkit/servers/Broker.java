package dev.freshet.testkit.servers;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;

import dev.freshet.testkit.process.Deadline;

/** A Kafka broker that is the whole cluster: it creates no topics by itself, and keeps one copy of everything. */
public interface Broker {
    /** What bootstrap.servers is to be. */
    String bootstrapServers();

    /** Creates a topic and returns when the broker serves it; replication factor 1. */
    default void createTopic(String topic, int partitions, Map<String, String> configuration) {
        int timeoutMillis = 30_000;
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis))) {
            NewTopic created = new NewTopic(topic, partitions, (short) 1).configs(configuration);
            admin.createTopics(List.of(created)).all().get(timeoutMillis, TimeUnit.MILLISECONDS);
            // The controller has made it; the broker hears of that a moment later.
            Deadline heard = Deadline.in(Duration.ofMillis(timeoutMillis));
            while (!admin.listTopics()
                    .names()
                    .get(timeoutMillis, TimeUnit.MILLISECONDS)
                    .contains(topic)) {
                if (heard.isPast()) {
                    throw new TimeoutException("the broker does not hear of it");
                }
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("cannot create topic " + topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while creating topic " + topic, e);
        }
    }
}
