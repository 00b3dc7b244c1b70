package dev.freshet.runtime.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;

/** Makes the topics that are missing, and holds those that exist against what they have to be. */
public final class TopicAdmin {
    private static final Logger log = LoggerFactory.getLogger(TopicAdmin.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Admin admin;
    private final Retry retry;

    /** @param admin stays the caller's to close */
    public TopicAdmin(Admin admin, Time time) {
        this.admin = admin;
        this.retry = Retry.forever("topics", Backoff.standard(), RetriableException.class::isInstance, time)
                .within(PATIENCE);
    }

    /**
     * Returns when the topics exist and are as they have to be.
     *
     * @throws Stop.Operator if one exists and is not, with all the differences
     * @throws Stop.Restart if the broker cannot be reached in two minutes
     */
    public void ensure(Collection<TopicSpec> topics) throws InterruptedException {
        List<String> differences = new ArrayList<>();
        try {
            for (TopicSpec topic : topics) {
                create(topic);
                differences.addAll(retry.call(() -> differences(topic)));
            }
        } catch (RetriableException e) {
            throw new Stop.Restart("Kafka does not answer: " + e.getMessage(), e);
        }
        if (!differences.isEmpty()) {
            throw new Stop.Operator(
                    "topics are not as they have to be: " + String.join("; ", differences),
                    "Set it with kafka-configs.sh --alter; where a number of partitions differs, begin a new generation");
        }
    }

    private void create(TopicSpec topic) throws InterruptedException {
        NewTopic created = new NewTopic(topic.name(), topic.partitions(), topic.replicationFactor())
                .configs(topic.configuration());
        retry.run(() -> {
            try {
                await(admin.createTopics(List.of(created)).all());
                log.info("created topic={} partitions={}", topic.name(), topic.partitions());
            } catch (TopicExistsException e) {
                log.debug("exists topic={}", topic.name());
            }
        });
    }

    /** What an existing topic is and should not be; empty if it is right. */
    private List<String> differences(TopicSpec topic) throws InterruptedException {
        List<String> differences = new ArrayList<>();
        Map<String, TopicDescription> described =
                await(admin.describeTopics(List.of(topic.name())).allTopicNames());
        for (TopicDescription description : described.values()) {
            int partitions = description.partitions().size();
            if (partitions != topic.partitions()) {
                differences.add(topic.name() + ": has " + partitions + " partitions instead of " + topic.partitions());
            }
        }
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        for (Config config :
                await(admin.describeConfigs(List.of(resource)).all()).values()) {
            for (TopicRule rule : topic.rules()) {
                ConfigEntry entry = config.get(rule.key());
                rule.difference(entry == null ? "" : entry.value())
                        .ifPresent(difference -> differences.add(topic.name() + ": " + difference));
            }
        }
        return differences;
    }

    private static <T> T await(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException kafka) {
                throw kafka;
            }
            throw new KafkaException(e.getCause());
        }
    }
}
