package dev.freshet.ingest.capture;

/** What the source sends after a restart is not what the log already holds: the two cannot be joined. */
public final class ResendMismatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ResendMismatchException(String message) {
        super(message);
    }
}
