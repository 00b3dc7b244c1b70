package dev.freshet.sink;

/** Dead letters cannot be written now: nothing of their transaction may be, and all is tried again. */
final class DeadLettersUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeadLettersUnavailableException(Throwable cause) {
        super("cannot write to the dead letters: " + cause.getMessage(), cause);
    }
}
