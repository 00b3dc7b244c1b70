package dev.freshet.ingest.capture;

import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;

/** What one captured record adds to the log. */
public sealed interface Entry {

    /** A change of a row, in the partition of its user. Behind a {@link Change.RowDeleted} goes a tombstone. */
    record RowEntry(ChangeKey.Row key, Change change) implements Entry {}

    /** A control, to every partition. */
    record ControlEntry(ChangeKey.Control control, Change change) implements Entry {}

    /**
     * A record that cannot be used, for the dead-letter topic.
     *
     * @param place the table and where in the WAL
     * @param row the row it tells of; null if it names none
     * @param key the record's key, as JSON
     * @param value the record's value, as JSON
     */
    record Letter(
            String place, String reason, ChangeKey.@Nullable Row row, byte @Nullable [] key, byte @Nullable [] value)
            implements Entry {}
}
