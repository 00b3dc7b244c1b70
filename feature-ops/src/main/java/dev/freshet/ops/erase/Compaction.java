package dev.freshet.ops.erase;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;

import dev.freshet.ops.erase.UserTopic.Kind;
import dev.freshet.runtime.generation.ErasureRegister;
import dev.freshet.runtime.generation.ErasureRegister.Setting;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;

/**
 * Has the brokers compact away what is ended of a user, now instead of in a fortnight. What a reader has not read yet stays: the
 * segments are rolled, and then not for days; once all readers have passed the place, all before it, and nothing behind it, may be
 * compacted. Entries go in a first round, the tombstones that ended them in a second. Each setting is put back whatever comes.
 */
final class Compaction {
    private static final Duration ROLLING = Duration.ofMillis(700);
    private static final int ROLLS = 3;
    private static final String ROLL_AFTER_MILLIS = "500";

    /** The cleaner looks every 15 s, unless a broker is told otherwise; one that is busy comes late, and a tombstone goes the second time. */
    private static final Duration CLEANING = Duration.ofSeconds(35);

    private static final Duration POLL = Duration.ofMillis(300);

    private static final String LAG = TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG;

    private static final Map<String, String> CLEAN = Map.of(
            LAG, "0", TopicConfig.DELETE_RETENTION_MS_CONFIG, "0", TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0");

    private static final Map<String, String> ROLL = Map.of(TopicConfig.SEGMENT_MS_CONFIG, ROLL_AFTER_MILLIS);

    private final ErasedUser user;
    private final Brokers brokers;
    private final Readers readers;
    private final Copies copies;
    private final ErasureRegister register;
    private final Duration patience;
    private final Time time;

    /** The ways to Kafka. */
    record Brokers(KafkaSide admin, TopicReader reader, StateTopics state) {}

    /** Those who must have read what is compacted away. */
    record Followers(Readers readers, Copies copies) {}

    Compaction(
            ErasedUser user,
            Brokers brokers,
            Followers followers,
            ErasureRegister register,
            Duration patience,
            Time time) {
        this.user = user;
        this.brokers = brokers;
        this.readers = followers.readers();
        this.copies = followers.copies();
        this.register = register;
        this.patience = patience;
        this.time = time;
    }

    /**
     * Puts back what an erasure that was interrupted has altered.
     *
     * @param done is told of each topic as soon as it is as it was, also where another one fails
     */
    static int mend(KafkaSide admin, ErasureRegister register, Consumer<String> done)
            throws SQLException, InterruptedException {
        List<ErasureRegister.Unfinished> unfinished = register.unfinished();
        for (ErasureRegister.Unfinished one : unfinished) {
            admin.set(one.before(), done);
            register.ended(one.id());
        }
        return unfinished.size();
    }

    /**
     * Returns when nothing is left of the user in these topics.
     *
     * @throws Stop.Operator if a generation is being built, somebody does not read on, the user is told of again, or the brokers do
     *     not compact in time
     */
    void run(Collection<UserTopic> topics, Erasure.Telling telling) throws SQLException, InterruptedException {
        Map<UserTopic, Remains> left = new Ending(user, brokers.reader(), patience, time).await(topics);
        if (left.isEmpty()) {
            return;
        }
        Map<UserTopic, Remains> ended = left;
        Set<String> names = names(left.keySet());
        Set<String> keys = new HashSet<>(CLEAN.keySet());
        keys.addAll(ROLL.keySet());
        List<Setting> before = brokers.admin().settings(names, keys);
        brokers.admin().requireCanSet(of(left.keySet(), CLEAN));
        brokers.admin().requireCanSet(of(left.keySet(), ROLL));
        long id = register.begin(before, copies.generations());
        try {
            telling.step("waiting until all copies of the state have taken it in");
            copies.awaitPast(id, brokers.state().mark(left.keySet()));
            // Changelogs have no lag, so what is rolled there may be cleaned at once; and a tombstone stays for as long
            // as a topic has it when a cleaning first comes by. So they keep these settings until all is gone.
            brokers.admin().set(of(those(left.keySet(), topic -> topic.kind() == Kind.STATE), CLEAN));
            long deadline = time.nanoTime() + patience.toNanos();
            for (int round = 1; !left.isEmpty(); round++) {
                if (time.nanoTime() - deadline > 0) {
                    throw new Stop.Operator(
                            "the brokers have not compacted " + String.join(", ", names(left.keySet())) + " within "
                                    + patience.toSeconds() + " s",
                            "Look at their log cleaners (log-cleaner.log), and run this again with more --patience");
                }
                telling.step("compacting %,d topics, round %d".formatted(left.size(), round));
                round(left, round, before);
                left = Remains.of(left.keySet(), user, brokers.reader());
                Ending.requireNoNews(user, ended, left);
            }
        } finally {
            putBack(id, before);
        }
        telling.step("asking whether any copy of the state was filled meanwhile");
        copies.settle();
    }

    /** Also when this thread was interrupted. */
    private void putBack(long id, List<Setting> before) throws SQLException, InterruptedException {
        boolean isInterrupted = Thread.interrupted();
        try {
            brokers.admin().set(before);
            register.ended(id);
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void round(Map<UserTopic, Remains> left, int round, List<Setting> before)
            throws SQLException, InterruptedException {
        Set<UserTopic> topics = left.keySet();
        brokers.admin().set(of(topics, ROLL));
        if (round == 1) {
            brokers.state().endAnew(left);
        }
        Map<UserTopic, Long> prompted = brokers.state().prompt(topics);
        for (int roll = 0; roll < ROLLS; roll++) {
            time.pause(ROLLING);
            brokers.state().prompt(topics);
        }
        brokers.admin()
                .set(before.stream().filter(one -> ROLL.containsKey(one.key())).toList());
        time.pause(ROLLING); // until every broker has heard of it
        readers.awaitPastAll(brokers.reader());
        brokers.admin().set(of(topics, CLEAN));
        awaitGone(toGo(left, round == 1 ? prompted : Map.of()));
        // No more than that, for a cleaning that is slower than we are may still be under way.
        Set<String> others = names(those(topics, topic -> topic.kind() != Kind.STATE));
        brokers.admin()
                .set(before.stream()
                        .filter(one -> others.contains(one.topic()) && LAG.equals(one.key()))
                        .toList());
    }

    private static Set<String> names(Collection<UserTopic> topics) {
        return topics.stream().map(UserTopic::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<UserTopic> those(Collection<UserTopic> topics, Predicate<UserTopic> which) {
        return topics.stream().filter(which).toList();
    }

    private static List<Setting> of(Collection<UserTopic> topics, Map<String, String> settings) {
        return topics.stream()
                .flatMap(topic -> settings.entrySet().stream()
                        .map(setting -> new Setting(topic.name(), setting.getKey(), setting.getValue())))
                .toList();
    }

    /** By topic, the offset whose going tells that a cleaning has come by. */
    private static Map<UserTopic, Long> toGo(Map<UserTopic, Remains> left, Map<UserTopic, Long> prompted) {
        Map<UserTopic, Long> offsets = new HashMap<>();
        left.forEach((topic, remains) -> {
            long superseded = remains.lastSuperseded();
            offsets.put(topic, prompted.getOrDefault(topic, superseded >= 0 ? superseded : remains.last()));
        });
        return offsets;
    }

    private void awaitGone(Map<UserTopic, Long> offsets) throws InterruptedException {
        long deadline = time.nanoTime() + CLEANING.toNanos();
        while (!offsets.isEmpty() && time.nanoTime() - deadline < 0) {
            offsets.entrySet()
                    .removeIf(one -> brokers.reader().isGone(one.getKey().partitionOf(user), one.getValue()));
            time.pause(POLL);
        }
    }
}
