package dev.freshet.ingest.capture;

import java.util.Locale;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where a captured record stands in the source's WAL.
 *
 * @param lsn of the change itself; changes of one COPY may share it
 * @param xid the source transaction; -1 if unknown
 * @param time commit time of that transaction, in epoch microseconds
 * @param completed end of the newest transaction of which every record stands before this one; null if there is none yet
 * @param afterCommit this record directly follows a commit, whose end {@code completed} then is
 * @param snapshot this record was read by the snapshot
 */
public record Place(long lsn, long xid, long time, @Nullable Long completed, boolean afterCommit, boolean snapshot) {

    /** Debezium's keys in the source offset of a PostgreSQL record. */
    private static final String LSN = "lsn";

    private static final String XID = "txId";
    private static final String TIME = "ts_usec";
    private static final String LAST_COMMIT = "lsn_commit";
    private static final String MESSAGE_TYPE = "messageType";
    private static final String SNAPSHOT = "snapshot";

    /** Reads it from the record's offset: heartbeats have no other. */
    public static Place of(SourceRecord record) {
        Map<String, ?> offset = record.sourceOffset();
        Long xid = number(offset, XID);
        Long completed = number(offset, LAST_COMMIT);
        return new Place(
                required(offset, LSN),
                xid == null ? -1 : xid,
                required(offset, TIME),
                completed,
                completed != null && "COMMIT".equals(offset.get(MESSAGE_TYPE)),
                offset.containsKey(SNAPSHOT));
    }

    private static long required(Map<String, ?> offset, String key) {
        Long value = number(offset, key);
        if (value == null) {
            throw new IllegalStateException("no " + key + " in the source offset " + offset);
        }
        return value;
    }

    private static @Nullable Long number(Map<String, ?> offset, String key) {
        Object value = offset.get(key);
        return value == null ? null : ((Number) value).longValue();
    }

    /** PostgreSQL's spelling of an LSN. */
    public static String text(long lsn) {
        return String.format(Locale.ROOT, "%X/%X", lsn >>> 32, lsn & 0xFFFFFFFFL);
    }
}
