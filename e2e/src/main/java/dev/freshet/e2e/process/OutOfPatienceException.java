package dev.freshet.e2e.process;

/** What was waited for did not come in time: the message says what. */
public final class OutOfPatienceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfPatienceException(String message) {
        super(message);
    }
}
