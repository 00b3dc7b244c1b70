package dev.freshet.schemas.feature;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The value of an entry of the features topic. Within a generation (user, version) determines the entry. */
public sealed interface FeatureUpdate {

    /** The offset, in the change log's partition, of the tick that emitted this. Rises with every entry of a key. */
    long version();

    /** The source time of that tick, in epoch microseconds. */
    long computedAt();

    /**
     * A user's features: the truth at every t with computedAt <= t < exactUntil.
     *
     * @param exactUntil epoch microseconds at which time alone changes the row; null for never
     * @param incomplete a row of this user cannot be used, so the values may be wrong
     * @param values in the order of the catalogue; null for SQL NULL
     */
    record Row(
            long version,
            long computedAt,
            @Nullable Long exactUntil,
            boolean incomplete,
            List<@Nullable FeatureValue> values)
            implements FeatureUpdate {
        public Row {
            values = Collections.unmodifiableList(new ArrayList<>(values));
        }
    }

    /** The user is gone. Not a null value: compaction would forget the version. */
    record Removal(long version, long computedAt) implements FeatureUpdate {}

    /**
     * Every user that changed, or was due, at or before this tick stands before it in the partition.
     *
     * @param lsn every source transaction committed before it is in the rows before this entry
     */
    record Watermark(long version, long computedAt, long lsn) implements FeatureUpdate {}
}
