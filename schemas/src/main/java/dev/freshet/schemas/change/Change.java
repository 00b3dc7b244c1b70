package dev.freshet.schemas.change;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;

/**
 * The value of a log entry.
 *
 * @param lsn where in the source's WAL it stands; for a tick: every transaction committed before it stands before the tick
 *     in this partition. Never compared to order changes: the position in the log does that
 * @param sourceTime commit time in the source, in epoch microseconds; for a tick: the running maximum of commit times,
 *     so no later tick is of an earlier time than a change before it
 * @param body what happened
 */
public record Change(long lsn, long sourceTime, Body body) {

    /** What happened to the row of a {@link ChangeKey.Row}, or the mark of any other key. */
    public sealed interface Body permits UserRow, OrderRow, RowDeleted, RowUnusable, ControlMark {}

    /** The user exists. */
    public record UserRow() implements Body {}

    /**
     * The order's row as it is now.
     *
     * @param createdAt epoch microseconds; null for SQL NULL, which belongs to no feature
     * @param values the columns of the catalogue, in {@link dev.freshet.schemas.catalogue.Catalogue#columns()} order
     */
    public record OrderRow(@Nullable Long createdAt, List<@Nullable Numeric> values) implements Body {
        public OrderRow {
            values = Collections.unmodifiableList(new ArrayList<>(values));
        }
    }

    /** The row is gone. A tombstone, for compaction, follows under the same key. */
    public record RowDeleted() implements Body {}

    /**
     * The row is in the source but outside the domain: it counts as absent, and its user is incomplete until a later good
     * state of the row, or its end, arrives.
     */
    public record RowUnusable(String reason) implements Body {}

    /** The body of every {@link ChangeKey.Control} and {@link ChangeKey.UserReset}: the key says which. */
    public record ControlMark() implements Body {}

    public static final ControlMark CONTROL = new ControlMark();
}
