package dev.freshet.ingest.capture;

/** An UPDATE or DELETE of orders does not tell whose order it was: the table's replica identity was changed. */
public final class IdentityLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    IdentityLostException(String message) {
        super(message);
    }
}
