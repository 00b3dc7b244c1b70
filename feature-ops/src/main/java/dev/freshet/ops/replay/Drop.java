package dev.freshet.ops.replay;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.repair.RepairRequests;
import dev.freshet.runtime.retry.Backoff;
import dev.freshet.runtime.retry.Retry;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;

/**
 * Removes a generation that readers do not see: first it is marked as dropped, so that nothing feeds it any more, then all
 * that it consists of is removed. What was interrupted is gone on with by running it again. The history of what its table
 * held stays, for training sets as they were served.
 */
public final class Drop {
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** A process that looked at the register just before may still be about to join. */
    private static final Duration LONGER_THAN_A_START = Duration.ofSeconds(3);

    private static final String REMOVED = "removed";

    /** Of each generation there are rows in these. */
    private static final List<String> SHARED =
            List.of(Names.SINK_OFFSETS, Names.WATERMARKS, Names.WAITING_ROWS, Names.LOST);

    private final FreshetConfig config;
    private final Connection target;
    private final KafkaSide kafka;
    private final Time time;

    /** Whether somebody still works on a part of the generation. */
    private interface Use {
        boolean isUsed() throws SQLException, InterruptedException;
    }

    public Drop(FreshetConfig config, Connection target, KafkaSide kafka, Time time) {
        this.config = config;
        this.target = target;
        this.kafka = kafka;
        this.time = time;
    }

    /**
     * @param patience how long to wait for ingest, streams and sink to let go of it
     * @return what was removed, by name
     * @throws Stop.Operator if readers see it, if it is not a replay's and still being built, or if somebody goes on working on it
     */
    public List<String> run(Generation generation, Duration patience) throws SQLException, InterruptedException {
        Generations generations = new Generations(target);
        mark(generations, generation);
        List<String> removed = remove(generations, generation, patience);
        generations.drop(generation.number(), REMOVED);
        return removed;
    }

    private List<String> remove(Generations generations, Generation generation, Duration patience)
            throws SQLException, InterruptedException {
        Names names = config.names();
        int number = generation.number();
        List<String> groups = List.of(names.application(number), names.sinkGroup(number));
        boolean isLogRead = isRead(generations, generation.log());
        LogSlot slot = new LogSlot(config, generation.log().number());
        Map<String, Use> uses = new LinkedHashMap<>();
        groups.forEach(group -> uses.put(group, () -> kafka.isUsed(group)));
        if (!isLogRead) {
            uses.put("replication slot " + slot.name(), slot::isUsed);
        }
        awaitUnused(uses, patience);

        List<String> removed = new ArrayList<>();
        if (!isLogRead && slot.drop()) {
            removed.add(slot.name());
        }
        Set<String> topics = kafka.topics();
        List<String> doomed = new ArrayList<>(topics.stream()
                .filter(topic ->
                        topic.equals(names.features(number)) || topic.startsWith(names.application(number) + "-"))
                .sorted()
                .toList());
        String log = names.changes(generation.log().number());
        if (topics.contains(log) && !isLogRead) {
            doomed.add(log);
        }
        kafka.deleteTopics(doomed);
        if (!isLogRead) {
            if (topics.contains(names.positions())) {
                kafka.deletePosition(generation.log().number());
            }
            new RepairRequests(target).forget(generation.log().number());
        }
        for (String group : groups) {
            kafka.deleteGroup(group);
        }
        removed.addAll(doomed);
        removed.addAll(groups);
        removeTable(names.table(number), number);
        removed.add(names.table(number));
        return removed;
    }

    private static void mark(Generations generations, Generation generation) throws SQLException {
        int number = generation.number();
        switch (generation.state()) {
            case LIVE ->
                throw new Stop.Operator(
                        "generation " + number + " is the one that readers see",
                        "Turn them to another one first: freshet replay swap, or rollback");
            case BUILDING -> {
                if (generation.livesByItself()) {
                    throw new Stop.Operator(
                            "generation " + number
                                    + " is built by ingest, streams and sink, and becomes live by itself",
                            "Wait for it: freshet replay status --watch");
                }
                generations.abandon(number, "given up by freshet replay drop");
            }
            case STANDBY, ABANDONED, DROPPED -> {}
        }
        generations.drop(number, "not all of it is removed yet: freshet replay drop " + number + " --yes goes on");
    }

    /** Whether nothing is left of it but the history of what its table held. */
    public static boolean isRemoved(Generation generation) {
        return generation.state() == GenerationState.DROPPED
                && generation.note().equals(REMOVED);
    }

    private static boolean isRead(Generations generations, Generation.Log log) throws SQLException {
        return generations.active().stream().anyMatch(one -> one.log().number() == log.number());
    }

    /** A job whose topics disappear under it ends its process, and with it the live one. */
    private void awaitUnused(Map<String, Use> uses, Duration patience) throws SQLException, InterruptedException {
        long deadline = time.nanoTime() + patience.toNanos();
        long unusedSince = time.nanoTime();
        while (time.nanoTime() - unusedSince < LONGER_THAN_A_START.toNanos()) {
            for (Map.Entry<String, Use> use : uses.entrySet()) {
                if (use.getValue().isUsed()) {
                    unusedSince = time.nanoTime();
                    if (unusedSince - deadline >= 0) {
                        throw new Stop.Operator(
                                "the generation is marked as dropped, and " + use.getKey() + " is still in use after "
                                        + patience.toSeconds() + " s: a process that does not answer",
                                "See to it, and run the same command again");
                    }
                }
            }
            time.pause(PAUSE);
        }
    }

    private void removeTable(String table, int number) throws SQLException, InterruptedException {
        Retry.forever("dropping " + table, Backoff.standard(), SqlFault::isPassing, time)
                .within(Duration.ofSeconds(30))
                .call(() -> Transaction.ofDdl(target, statement -> {
                    // Its foreign keys lock out the writers of the tables that they refer to.
                    statement.execute("SET LOCAL lock_timeout = '100ms'");
                    statement.execute("DROP TABLE IF EXISTS " + table);
                    for (String shared : SHARED) {
                        delete(shared, number);
                    }
                    return true;
                }));
    }

    private void delete(String table, int number) throws SQLException {
        try (PreparedStatement delete = target.prepareStatement("DELETE FROM " + table + " WHERE generation = ?")) {
            delete.setInt(1, number);
            delete.executeUpdate();
        }
    }
}
