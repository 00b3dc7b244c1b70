package dev.freshet.runtime.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

import dev.freshet.runtime.config.KafkaSettings;
import dev.freshet.schemas.Names;

/** The topics of a deployment: one list, with what each of them has to be. */
public final class Topics {
    /**
     * How long a reader may lag before compaction can take from it a change, or the removal of a row, that it has not seen.
     */
    public static final Duration SAFE_LAG = Duration.ofDays(7);

    /** A position older than this is not resumed: a day is left to read what lies behind it. */
    public static final Duration OLDEST_POSITION = SAFE_LAG.minusDays(1);

    private static final Map<String, String> SMALL_SEGMENTS = Map.of(
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Integer.toString(16 << 20),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.1");

    private final Names names;
    private final short replicationFactor;

    public Topics(Names names, KafkaSettings kafka) {
        this.names = names;
        this.replicationFactor = (short) kafka.replicationFactor();
    }

    /** The change log of a generation. */
    public TopicSpec changes(int generation, int partitions) {
        return compactedSafely(names.changes(generation), partitions);
    }

    /** The features topic of a generation. */
    public TopicSpec features(int generation, int partitions) {
        return compactedSafely(names.features(generation), partitions);
    }

    /** The positions of ingest: one partition; only the last of each generation counts. */
    public TopicSpec positions() {
        return new TopicSpec(
                names.positions(),
                1,
                replicationFactor,
                List.of(TopicRule.exactly(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)),
                SMALL_SEGMENTS);
    }

    /** Kept until somebody has dealt with them: nothing expires. */
    public TopicSpec deadLetters() {
        return new TopicSpec(
                names.deadLetters(),
                1,
                replicationFactor,
                List.of(
                        TopicRule.exactly(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE),
                        TopicRule.exactly(TopicConfig.RETENTION_MS_CONFIG, "-1"),
                        TopicRule.exactly(TopicConfig.RETENTION_BYTES_CONFIG, "-1")),
                Map.of());
    }

    /** Where Kafka Streams, which makes it, keeps a copy of a store. */
    public TopicSpec changelog(String name, int partitions) {
        return new TopicSpec(
                name,
                partitions,
                replicationFactor,
                List.of(TopicRule.exactly(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)),
                Map.of());
    }

    private TopicSpec compactedSafely(String name, int partitions) {
        return new TopicSpec(
                name,
                partitions,
                replicationFactor,
                List.of(
                        TopicRule.exactly(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT),
                        TopicRule.exactly(TopicConfig.RETENTION_MS_CONFIG, "-1"),
                        TopicRule.atLeast(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, SAFE_LAG.toMillis()),
                        TopicRule.atLeast(TopicConfig.DELETE_RETENTION_MS_CONFIG, SAFE_LAG.toMillis())),
                Map.of());
    }
}
