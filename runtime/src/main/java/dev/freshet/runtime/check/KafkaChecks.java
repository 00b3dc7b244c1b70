package dev.freshet.runtime.check;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.ErasureRegister;
import dev.freshet.runtime.generation.ErasureRegister.Setting;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.kafka.TopicAdmin;
import dev.freshet.runtime.kafka.TopicSpec;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.runtime.time.Time;

/** The brokers, and the topics of a deployment, those that Kafka Streams makes included. */
public final class KafkaChecks implements Checks {
    private static final int PATIENCE_MILLIS = 15_000;
    private static final int COPIES_THAT_SURVIVE = 3;
    /** What consumers and transactions rest on. */
    private static final List<String> BROKERS_OWN = List.of("__consumer_offsets", "__transaction_state");

    private final FreshetConfig config;
    private final List<Generation> generations;
    private final BiFunction<Topics, Generation, List<TopicSpec>> internal;
    private final Time time;

    /**
     * @param generations that changes flow into
     * @param internal the topics that Kafka Streams makes for one
     */
    public KafkaChecks(
            FreshetConfig config,
            List<Generation> generations,
            BiFunction<Topics, Generation, List<TopicSpec>> internal,
            Time time) {
        this.config = config;
        this.generations = List.copyOf(generations);
        this.internal = internal;
        this.time = time;
    }

    @Override
    public String subject() {
        return "kafka";
    }

    @Override
    public List<Finding> find() throws InterruptedException {
        try (Admin admin = admin()) {
            int brokers = admin.describeCluster().nodes().get().size();
            List<Finding> findings =
                    new ArrayList<>(ofBrokers(brokers, config.kafka().replicationFactor()));
            TopicAdmin topics = new TopicAdmin(admin, time);
            findings.addAll(settings(topics));
            findings.addAll(topics.copies(BROKERS_OWN, Math.min(brokers, COPIES_THAT_SURVIVE)));
            findings.addAll(lost(topics));
            return findings;
        } catch (ExecutionException e) {
            throw new IllegalStateException("no broker answers: " + e.getMessage(), e);
        }
    }

    /** What an erasure has altered it puts back itself, and whoever did it before would keep it from its end. */
    private List<Finding> settings(TopicAdmin topics) throws InterruptedException {
        Predicate<Finding> ofErasure;
        String cure;
        try {
            List<Setting> altered = altered();
            ofErasure = finding -> altered.stream().anyMatch(one -> TopicAdmin.isOf(finding, one.topic(), one.key()));
            cure = "Wait for the end of the erasure. If none is under way: freshet doctor --fix.";
        } catch (SQLException e) {
            ofErasure = finding -> finding.cure().startsWith(TopicAdmin.CONFIGS);
            cure = "Bring the target back, and ask again: it may be an erasure that has altered it.";
        }
        List<Finding> findings = new ArrayList<>();
        for (Finding finding : topics.check(topics())) {
            findings.add(
                    ofErasure.test(finding)
                            ? new Finding(finding.severity(), finding.what(), cure)
                            : runnable(finding));
        }
        return findings;
    }

    /** What an erasure has altered that is under way, or was interrupted. */
    private List<Setting> altered() throws SQLException {
        try (Connection target = target()) {
            return new ErasureRegister(target)
                    .unfinished().stream().flatMap(one -> one.before().stream()).toList();
        }
    }

    private Connection target() throws SQLException {
        return new Database(config.target().login(), config.target().schema(), "freshet-doctor", Timeouts.standard())
                .open();
    }

    /** With where the brokers are, which Kafka's commands do not know. */
    private Finding runnable(Finding finding) {
        String brokers = config.kafka().bootstrapServers().replace(" ", "");
        String cure = finding.cure().replace(TopicAdmin.CONFIGS, TopicAdmin.CONFIGS + " --bootstrap-server " + brokers);
        return new Finding(finding.severity(), finding.what(), cure);
    }

    static List<Finding> ofBrokers(int brokers, int replicationFactor) {
        List<Finding> findings = new ArrayList<>();
        if (replicationFactor > brokers) {
            findings.add(new Finding(
                    "kafka.replication.factor is " + replicationFactor + ", and there are " + brokers
                            + " brokers: no topic can be made",
                    "Set kafka.replication.factor: " + brokers));
        }
        if (replicationFactor < COPIES_THAT_SURVIVE && brokers >= COPIES_THAT_SURVIVE) {
            findings.add(Finding.warning(
                    "kafka.replication.factor is " + replicationFactor + ", and " + brokers + " brokers could keep "
                            + COPIES_THAT_SURVIVE + " copies: a broker that is lost takes changes with it",
                    "Set kafka.replication.factor: " + COPIES_THAT_SURVIVE + ", before the first start."));
        }
        return findings;
    }

    /** Of a generation that is read by somebody. */
    private List<Finding> lost(TopicAdmin topics) throws InterruptedException {
        Map<String, Generation> needed = new LinkedHashMap<>();
        for (Generation generation : generations) {
            if (generation.state() == GenerationState.LIVE) {
                needed.put(config.names().changes(generation.log().number()), generation);
                needed.put(config.names().features(generation.number()), generation);
            }
        }
        Set<String> existing = topics.existing(needed.keySet());
        return needed.keySet().stream()
                .filter(name -> !existing.contains(name))
                .map(name -> new Finding(
                        "Topic " + name + " of the live generation is gone", "Restore it. Or: " + Generations.REBUILD))
                .toList();
    }

    private List<TopicSpec> topics() {
        Topics topics = new Topics(config.names(), config.kafka());
        List<TopicSpec> all = new ArrayList<>(List.of(topics.positions(), topics.deadLetters()));
        for (Generation generation : generations) {
            all.add(topics.changes(generation.log().number(), generation.partitions()));
            all.add(topics.features(generation.number(), generation.partitions()));
            all.addAll(internal.apply(topics, generation));
        }
        return all;
    }

    /** Not while an erasure is under way or was interrupted, and none begins meanwhile. */
    @Override
    public void fix(Consumer<String> done) throws SQLException, InterruptedException {
        try (Connection target = target()) {
            ErasureRegister erasures = new ErasureRegister(target);
            if (erasures.lock() && erasures.unfinished().isEmpty()) {
                try (Admin admin = admin()) {
                    new TopicAdmin(admin, time).mend(topics(), done);
                }
            }
        }
    }

    private Admin admin() {
        Map<String, Object> properties = new HashMap<>(new ClientProperties(config.kafka()).admin("freshet-doctor"));
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS / 3);
        return Admin.create(properties);
    }
}
