package dev.freshet.ingest.capture;

/** One of the tables is not any more what the log was begun from: rows that are in it may have changed unseen. */
public final class TableChangedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TableChangedException(String message) {
        super(message);
    }
}
