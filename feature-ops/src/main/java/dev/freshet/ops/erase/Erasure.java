package dev.freshet.ops.erase;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

import dev.freshet.ops.deadletters.DeadLetters;
import dev.freshet.ops.deadletters.DeadLetters.Fate;
import dev.freshet.ops.erase.Proof.Place;
import dev.freshet.ops.erase.UserTopic.Kind;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.CopyRegister;
import dev.freshet.runtime.generation.ErasureRegister;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;

/**
 * Erases a user whom the source does not have any more, and proves it. Every step may be done again: what was interrupted is gone on
 * with by erasing the same user once more.
 */
public final class Erasure implements AutoCloseable {
    private final FreshetConfig config;
    private final ErasedUser user;
    private final Databases databases;
    private final Duration patience;
    private final Time time;
    private final KafkaSide admin;
    private final TopicReader reader;
    private final StateTopics state;
    private final Topics topics;
    private final UserLetters letters;

    /** Two connections, which stay the caller's. */
    public record Databases(Connection source, Connection target) {}

    /** Is told how far it is. */
    public interface Telling {
        /** What is done next. */
        void step(String what);

        /** How many entries of about how many the proof has read. */
        void at(long done, long total);
    }

    /**
     * What was removed; all is 0 if nothing was there.
     *
     * @param entries of compacted topics
     * @param rows of tables in the target
     * @param letters dead letters of the user
     * @param blanked dead letters of others, which named the user and are kept without their bytes
     */
    public record Removed(long entries, long rows, int letters, int blanked) {
        static final Removed NOTHING = new Removed(0, 0, 0, 0);
    }

    /**
     * @param patience how long to wait for what runs, and for the brokers to compact
     */
    public Erasure(FreshetConfig config, Id id, Databases databases, Duration patience, Time time) {
        this.config = config;
        this.databases = databases;
        this.patience = patience;
        this.time = time;
        user = new ErasedUser(id, config.source().users().idType());
        topics = new Topics(config.names(), user);
        letters = new UserLetters(user, config.source().orders().userId());
        admin = new KafkaSide(config);
        reader = new TopicReader(config, time);
        state = new StateTopics(config, user);
    }

    /**
     * Removes all there is of the user.
     *
     * @throws Stop.Operator if the source has the user, something is being built or does not keep up, with what to do
     * @throws Stop.Restart if ingest does not answer
     */
    public Removed run(Telling telling) throws SQLException, InterruptedException {
        Connection target = databases.target();
        ErasureRegister register = new ErasureRegister(target);
        register.createTable();
        if (!register.lock()) {
            throw new Stop.Operator("another user is being erased", "Wait for its end, and run this again");
        }
        if (Compaction.mend(admin, register, topic -> {}) > 0) {
            telling.step("put back the settings of topics that an interrupted erasure had altered");
        }
        Readers readers = readers(target);
        Copies copies = new Copies(
                config.names(), new CopyRegister(target), admin, readers.fed(), new Copies.Patience(patience, time));
        copies.settle();
        long behind = new SourceCheck(config, databases.source(), user).requireAbsent();
        List<UserTopic> all = topics.among(admin.topics(), reader);
        Topics.requireFed(all, readers.fed());
        telling.step("waiting until all that the source had of the user is taken in");
        readers.awaitComplete(behind);
        Map<UserTopic, Remains> remains = Remains.of(all, user, reader);
        TargetRows rows = new TargetRows(target, user);
        if (remains.isEmpty() && rows.read().stream().allMatch(place -> place.found() == 0)) {
            return removeLetters(Removed.NOTHING);
        }
        telling.step("ending the user in the change log");
        LogEnd end = new LogEnd(target, user, patience, time);
        LogEnd.Answered answered = end.ask(logs(all, readers, remains));
        readers.awaitComplete(answered.through());
        long deleted = rows.delete(ends(all, readers), answered.lastRequest());
        long entries =
                remains.values().stream().mapToLong(one -> one.entries().size()).sum();
        Removed removed = removeLetters(new Removed(entries, deleted, 0, 0));
        new Compaction(
                        user,
                        new Compaction.Brokers(admin, reader, state),
                        new Compaction.Followers(readers, copies),
                        register,
                        patience,
                        time)
                .run(all, telling);
        return removed;
    }

    private Readers readers(Connection target) throws SQLException {
        Generations generations = new Generations(target);
        ErasureRegister.requireNothingIsBuilt(generations);
        List<Generation> fed = generations.active();
        if (fed.isEmpty()) {
            throw new Stop.Operator("no generation is live", "Start ingest, streams and sink");
        }
        return new Readers(config.names(), target, admin, fed, patience, time);
    }

    /** By the number of the log, the keys of the user that are in it. */
    private static Map<Integer, List<byte[]>> logs(
            List<UserTopic> all, Readers readers, Map<UserTopic, Remains> remains) {
        Map<Integer, List<byte[]>> keys = new HashMap<>();
        readers.byLog().keySet().forEach(log -> keys.put(log, List.of()));
        for (UserTopic topic : all) {
            Remains left = remains.get(topic);
            if (topic.kind() == Kind.CHANGES && left != null) {
                keys.put(topic.generation(), left.keys());
            }
        }
        return keys;
    }

    /** By generation, the offset of the user's end in its log. */
    private Map<Integer, Long> ends(List<UserTopic> all, Readers readers) {
        Map<Integer, Long> ends = new HashMap<>();
        for (UserTopic topic : all) {
            if (topic.kind() == Kind.CHANGES) {
                Remains remains = Remains.of(topic, user, reader);
                for (int generation : readers.byLog().getOrDefault(topic.generation(), List.of())) {
                    ends.put(generation, remains.lastEnd(user.resetKey()));
                }
            }
        }
        return ends;
    }

    private Removed removeLetters(Removed others) throws SQLException, InterruptedException {
        Map<Fate, Integer> fates = DeadLetters.of(config, time).sift(letters::fate, databases.target());
        return new Removed(
                others.entries(),
                others.rows(),
                fates.getOrDefault(Fate.DROPPED, 0),
                fates.getOrDefault(Fate.BLANKED, 0));
    }

    /** Reads every topic, also what was never committed in it, and every table that may hold the user. */
    public Proof prove(Telling telling) throws SQLException, InterruptedException {
        List<UserTopic> all = topics.among(admin.topics(), reader);
        long total = reader
                .ends(all.stream().flatMap(topic -> partitions(topic).stream()).toList())
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
        List<Place> places = new ArrayList<>();
        AtomicLong before = new AtomicLong();
        for (UserTopic topic : all) {
            AtomicLong found = new AtomicLong();
            long read = reader.read(
                    partitions(topic),
                    record -> {
                        if (topic.isUsers().test(record)) {
                            found.incrementAndGet();
                        }
                    },
                    done -> telling.at(before.get() + done, total));
            before.addAndGet(read);
            places.add(new Place("topic " + topic.name(), read, found.get()));
        }
        places.add(proveLetters());
        places.addAll(new TargetRows(databases.target(), user).read());
        return new Proof(places);
    }

    private static Collection<TopicPartition> partitions(UserTopic topic) {
        return IntStream.range(0, topic.partitions())
                .mapToObj(number -> new TopicPartition(topic.name(), number))
                .toList();
    }

    private Place proveLetters() {
        AtomicLong read = new AtomicLong();
        AtomicLong found = new AtomicLong();
        DeadLetters.of(config, time).visitAll((record, letter) -> {
            read.incrementAndGet();
            if (letters.fate(record, letter) != Fate.KEPT) {
                found.incrementAndGet();
            }
        });
        return new Place("topic " + config.names().deadLetters(), read.get(), found.get());
    }

    @Override
    public void close() {
        state.close();
        reader.close();
        admin.close();
    }
}
