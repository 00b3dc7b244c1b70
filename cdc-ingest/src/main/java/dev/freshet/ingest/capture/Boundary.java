package dev.freshet.ingest.capture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A point between two source transactions, from which the source can be read again.
 *
 * @param lsn end of the last transaction before it
 * @param time commit time of that transaction, in epoch microseconds
 */
public record Boundary(long lsn, long time) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The offset from which Debezium goes on exactly here. It has no {@code lsn_proc}: with one, Debezium would search the
     * WAL for the last record seen and guess from which to resume. Without, it starts the stream at the LSN, and PostgreSQL
     * sends every transaction that committed at or after it, from its beginning.
     */
    public String offset() {
        return JSON.createObjectNode()
                .put("lsn", lsn)
                .put("lsn_commit", lsn)
                .put("ts_usec", time)
                .toString();
    }

    /** Reads what {@link #offset()} wrote. */
    public static Boundary parse(String offset) {
        try {
            JsonNode node = JSON.readTree(offset);
            return new Boundary(
                    node.required("lsn_commit").longValue(),
                    node.required("ts_usec").longValue());
        } catch (IOException e) {
            throw new UncheckedIOException("not a source offset: " + offset, e);
        }
    }
}
