package dev.freshet.runtime.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.check.Finding;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;

/** Makes the topics that are missing, and holds those that exist against what they have to be. */
public final class TopicAdmin {
    /** Kafka's own command for the settings of topics. */
    public static final String CONFIGS = "kafka-configs.sh";

    private static final Logger log = LoggerFactory.getLogger(TopicAdmin.class);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Admin admin;
    private final Retry retry;
    private final Time time;

    /** @param admin stays the caller's to close */
    public TopicAdmin(Admin admin, Time time) {
        this.admin = admin;
        this.time = time;
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
        List<Finding> differences = new ArrayList<>();
        try {
            for (TopicSpec topic : topics) {
                create(topic);
                retry.run(() -> awaitErasure(topic));
                differences.addAll(retry.call(() -> differences(topic)));
            }
        } catch (RetriableException e) {
            throw noAnswer(e);
        }
        requireNone(differences);
    }

    /**
     * Returns when those of the topics that exist are as they have to be: others make them.
     *
     * @throws Stop as {@link #ensure}
     */
    public void requireOfExisting(Collection<TopicSpec> topics) throws InterruptedException {
        try {
            requireNone(retry.call(() -> check(topics)).stream()
                    .filter(Finding::isError)
                    .toList());
        } catch (RetriableException e) {
            throw noAnswer(e);
        }
    }

    private static Stop noAnswer(RetriableException e) {
        return new Stop.Restart("Kafka does not answer: " + e.getMessage(), e);
    }

    private static void requireNone(List<Finding> differences) {
        if (!differences.isEmpty()) {
            throw new Stop.Operator(
                    "topics are not as they have to be: "
                            + differences.stream().map(Finding::what).collect(Collectors.joining("; ")),
                    "Set it with kafka-configs.sh --alter, or let freshet doctor --fix do it, and then compare: freshet"
                            + " reconcile; where a number of partitions differs, begin a new generation");
        }
    }

    /** Erasing a user takes some seconds of settings that no process should begin with; one that was interrupted, longer. */
    private void awaitErasure(TopicSpec topic) throws InterruptedException {
        long deadline = time.nanoTime() + PATIENCE.toNanos();
        Config config = configuration(topic.name());
        while (isAltered(topic, config) && time.nanoTime() - deadline < 0) {
            log.warn("a user is being erased, waiting for its end topic={}", topic.name());
            time.pause(LOOK);
            config = configuration(topic.name());
        }
    }

    private static boolean isAltered(TopicSpec topic, Config config) {
        return topic.rules().stream().anyMatch(rule -> rule.isAltered(value(config, rule)));
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

    /** Which of these there are. */
    public Set<String> existing(Collection<String> topics) throws InterruptedException {
        Set<String> existing = new HashSet<>(await(admin.listTopics().names()));
        existing.retainAll(topics);
        return existing;
    }

    /** What existing topics are and should not be; of those that do not exist, nothing. */
    public List<Finding> check(Collection<TopicSpec> topics) throws InterruptedException {
        Set<String> existing = existing(topics.stream().map(TopicSpec::name).toList());
        List<Finding> findings = new ArrayList<>();
        for (TopicSpec topic : topics) {
            if (existing.contains(topic.name())) {
                findings.addAll(differences(topic));
                findings.addAll(copies(List.of(topic.name()), topic.replicationFactor()));
            }
        }
        return findings;
    }

    /** Sets what a promise rests on, where it is otherwise: each of it makes the broker keep more; says what was set. */
    public void mend(Collection<TopicSpec> topics, Consumer<String> done) throws InterruptedException {
        Set<String> existing = existing(topics.stream().map(TopicSpec::name).toList());
        for (TopicSpec topic : topics) {
            if (!existing.contains(topic.name())) {
                continue;
            }
            Config config = configuration(topic.name());
            for (TopicRule rule : topic.rules()) {
                if (rule.difference(value(config, rule)).isPresent()) {
                    ConfigEntry entry = new ConfigEntry(rule.key(), rule.value());
                    await(admin.incrementalAlterConfigs(Map.of(
                                    resource(topic.name()),
                                    List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
                            .all());
                    done.accept(alter(topic.name(), rule));
                }
            }
        }
    }

    private List<Finding> differences(TopicSpec topic) throws InterruptedException {
        List<Finding> differences = new ArrayList<>();
        int partitions = description(topic.name()).partitions().size();
        if (partitions != topic.partitions()) {
            differences.add(new Finding(
                    topic.name() + ": has " + partitions + " partitions instead of " + topic.partitions(),
                    "Begin a new generation."));
        }
        Config config = configuration(topic.name());
        for (TopicRule rule : topic.rules()) {
            rule.difference(value(config, rule))
                    .ifPresent(difference ->
                            differences.add(new Finding(topic.name() + ": " + difference, alter(topic.name(), rule))));
        }
        return differences;
    }

    /** Of those of these topics that exist, which have fewer replicas. */
    public List<Finding> copies(Collection<String> topics, int wanted) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        Set<String> existing = new HashSet<>(await(
                admin.listTopics(new ListTopicsOptions().listInternal(true)).names()));
        for (String topic : topics) {
            if (existing.contains(topic)) {
                description(topic).partitions().stream()
                        .mapToInt(partition -> partition.replicas().size())
                        .filter(replicas -> replicas < wanted)
                        .limit(1)
                        .forEach(replicas -> findings.add(Finding.warning(
                                topic + ": has " + replicas + " replicas, where " + wanted + " are wanted",
                                "Reassign its partitions with kafka-reassign-partitions.sh.")));
            }
        }
        return findings;
    }

    /** What was removed until then is missing, and nothing that is set now tells. */
    private static String alter(String topic, TopicRule rule) {
        return alter(topic, rule.key()) + rule.value() + "  # and then compare: freshet reconcile";
    }

    private static String alter(String topic, String key) {
        return CONFIGS + " --alter --entity-type topics --entity-name " + topic + " --add-config " + key + "=";
    }

    /** Whether it is about this setting. */
    public static boolean isOf(Finding finding, String topic, String key) {
        return finding.cure().startsWith(alter(topic, key));
    }

    private TopicDescription description(String topic) throws InterruptedException {
        return await(admin.describeTopics(List.of(topic)).allTopicNames())
                .values()
                .iterator()
                .next();
    }

    private Config configuration(String topic) throws InterruptedException {
        return await(admin.describeConfigs(List.of(resource(topic))).all())
                .values()
                .iterator()
                .next();
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static String value(Config config, TopicRule rule) {
        ConfigEntry entry = config.get(rule.key());
        return entry == null || entry.value() == null ? "" : entry.value();
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
