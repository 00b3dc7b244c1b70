package dev.freshet.serving.lookup;

/** There is no answer for now; the reason tells whom to ask. */
public final class LookupException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** Nothing is live: ingest, streams or sink have not got so far. */
        NOT_LIVE,
        /** All connections to the target are in use, for longer than a lookup may wait. */
        BUSY,
        /** The target does not answer, or not in time. */
        UNREACHABLE,
        /** The target answers that this role, or this configuration, cannot read the table. */
        REFUSED
    }

    private final Reason reason;

    LookupException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    LookupException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
