package dev.freshet.ops.erase;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;

/** How far streams and sink of each generation that is fed have read: nothing may be compacted away that one of them still has to. */
final class Readers {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Names names;
    private final Connection target;
    private final KafkaSide kafka;
    private final List<Generation> fed;
    private final Duration patience;
    private final Time time;

    Readers(Names names, Connection target, KafkaSide kafka, List<Generation> fed, Duration patience, Time time) {
        this.names = names;
        this.target = target;
        this.kafka = kafka;
        this.fed = List.copyOf(fed);
        this.patience = patience;
        this.time = time;
    }

    List<Generation> fed() {
        return fed;
    }

    /**
     * Returns when every generation is complete through this LSN, as a number.
     *
     * @throws Stop.Operator if one is not in time
     */
    void awaitComplete(long lsn) throws SQLException, InterruptedException {
        for (Generation generation : fed) {
            await(generation, () -> isComplete(generation, lsn));
        }
    }

    private boolean isComplete(Generation generation, long lsn) throws SQLException {
        try (PreparedStatement query =
                target.prepareStatement("SELECT count(*), (min(lsn) - '0/0'::pg_lsn)::bigint FROM " + Names.WATERMARKS
                        + " WHERE generation = ?")) {
            query.setInt(1, generation.number());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getInt(1) == generation.partitions() && row.getLong(2) >= lsn;
            }
        }
    }

    /**
     * Returns when streams and sink of every generation have read, and committed, all that is in their topics at the call.
     *
     * @throws Stop.Operator if one has not in time
     */
    void awaitPastAll(TopicReader reader) throws SQLException, InterruptedException {
        for (Generation generation : fed) {
            Map<Integer, Long> log = ends(reader, names.changes(generation.log().number()), generation);
            Map<Integer, Long> features = ends(reader, names.features(generation.number()), generation);
            await(
                    generation,
                    () -> isPast(kafka.committed(names.application(generation.number())), log)
                            && isPast(stored(generation), features));
        }
    }

    private static Map<Integer, Long> ends(TopicReader reader, String topic, Generation generation) {
        List<TopicPartition> partitions = IntStream.range(0, generation.partitions())
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
        Map<Integer, Long> ends = new HashMap<>();
        reader.ends(partitions).forEach((partition, end) -> ends.put(partition.partition(), end));
        return ends;
    }

    private static boolean isPast(Map<Integer, Long> positions, Map<Integer, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue());
    }

    private Map<Integer, Long> stored(Generation generation) throws SQLException {
        try (PreparedStatement query =
                target.prepareStatement("SELECT part, next FROM " + Names.SINK_OFFSETS + " WHERE generation = ?")) {
            query.setInt(1, generation.number());
            Map<Integer, Long> stored = new HashMap<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    stored.put(rows.getInt(1), rows.getLong(2));
                }
            }
            return stored;
        }
    }

    private interface Question {
        boolean ask() throws SQLException, InterruptedException;
    }

    private void await(Generation generation, Question question) throws SQLException, InterruptedException {
        long deadline = time.nanoTime() + patience.toNanos();
        while (!question.ask()) {
            if (time.nanoTime() - deadline > 0) {
                throw new Stop.Operator(
                        "generation " + generation.number() + " did not follow within " + patience.toSeconds()
                                + " s, and what it has not read must not be removed",
                        cure(generation));
            }
            time.pause(POLL);
        }
    }

    private static String cure(Generation generation) {
        String look = "See whether ingest, streams and sink run (freshet status), and run this again";
        return generation.state() == GenerationState.STANDBY
                ? look
                        + ". If they run, and have left this one alone, which their logs tell, only readers that roll back would miss"
                        + " it: freshet replay drop " + generation.number() + " --yes"
                : look;
    }

    /** The generations that read each change log, by its number. */
    Map<Integer, List<Integer>> byLog() {
        Map<Integer, List<Integer>> byLog = new HashMap<>();
        for (Generation generation : fed) {
            byLog.computeIfAbsent(generation.log().number(), any -> new ArrayList<>())
                    .add(generation.number());
        }
        return byLog;
    }
}
