package dev.freshet.streams;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;

import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.kafka.Topics;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.streams.core.ByteStore;

/**
 * Remembers how old a task's position in the change log is. Tombstones live for seven days; a task that is further behind
 * would miss deletes, and keep deleted rows for ever.
 */
final class PositionAge {
    private static final byte[] KEY = {1};
    private static final long RESOLUTION_MILLIS = 60_000;

    private final ByteStore progress;
    private long notedMillis;

    PositionAge(ByteStore progress) {
        this.progress = progress;
        byte[] stored = progress.get(KEY);
        notedMillis = stored == null ? Long.MIN_VALUE : ByteBuffer.wrap(stored).getLong();
    }

    /**
     * @param recordMillis Kafka's timestamp of an entry that was processed: ingest's wall clock when it was written
     */
    void note(long recordMillis) {
        if (notedMillis == Long.MIN_VALUE || recordMillis - notedMillis >= RESOLUTION_MILLIS) {
            notedMillis = recordMillis;
            progress.put(
                    KEY, ByteBuffer.allocate(Long.BYTES).putLong(recordMillis).array());
        }
    }

    /**
     * Before going on from a position.
     *
     * @throws Stop.Operator if it is older than tombstones are kept for
     */
    void requireWithinLimit(Instant now, String topic, int partition) {
        require(Topics.OLDEST_POSITION, now, topic, partition);
    }

    /**
     * While going on: who follows the log without a stop may be late too, and until the log's cleaner comes by, nothing is
     * lost by it.
     *
     * @throws Stop.Operator if tombstones before the position may be gone
     */
    void requireCompactionLag(Instant now, String topic, int partition) {
        require(Topics.SAFE_LAG, now, topic, partition);
    }

    private void require(Duration limit, Instant now, String topic, int partition) {
        if (notedMillis == Long.MIN_VALUE) {
            return;
        }
        long age = now.toEpochMilli() - notedMillis;
        if (age > limit.toMillis()) {
            throw new Stop.Operator(
                    "the position in " + topic + "-" + partition + " is "
                            + Duration.ofMillis(age).toDays()
                            + " days old, and deletes older than " + limit.toDays()
                            + " days may have been compacted away",
                    Generations.REBUILD);
        }
    }
}
