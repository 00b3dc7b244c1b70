package dev.freshet.ingest.capture;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;

/** What one captured record adds to the log. */
public sealed interface Entry {

    /** A change of a row, in the partition of its user. Behind a {@link Change.RowDeleted} goes a tombstone. */
    record RowEntry(ChangeKey.Row key, Change change) implements Entry {}

    /** A control, to every partition. */
    record ControlEntry(ChangeKey.Control control, Change change) implements Entry {}

    /** All that stands before it of this user counts for nothing. */
    record Reset(ChangeKey.UserReset key, Change change) implements Entry {}

    /**
     * The end of all that the log has of a user whom the source does not have.
     *
     * @param rows that the log has of the user
     */
    record Erasure(Id user, List<ChangeKey.Row> rows) implements Entry {
        public Erasure {
            rows = List.copyOf(rows);
        }
    }

    /**
     * Nothing for the log: a mark of ours in the WAL.
     *
     * @param token names who set it
     * @param isEnd whether it is the second of the two that go together
     * @param lsn where it stands
     * @param time commit time of its transaction, in epoch microseconds, which has nothing else in it
     */
    record Mark(String token, boolean isEnd, long lsn, long time) implements Entry {
        private static final Pattern TEXT = Pattern.compile("repair ([0-9a-f-]{36}) (begin|end)");

        /** What the message in the WAL says. */
        public static String text(String token, boolean isEnd) {
            return "repair " + token + (isEnd ? " end" : " begin");
        }

        /** Empty if the message says something else. */
        static List<Entry> read(String text, Place place) {
            Matcher matcher = TEXT.matcher(text);
            return matcher.matches()
                    ? List.of(new Mark(matcher.group(1), matcher.group(2).equals("end"), place.lsn(), place.time()))
                    : List.of();
        }
    }

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
