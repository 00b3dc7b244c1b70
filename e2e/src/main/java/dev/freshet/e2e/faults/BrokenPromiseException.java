package dev.freshet.e2e.faults;

/** The system did what it promises not to, or did not do what it promises: a finding. */
final class BrokenPromiseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenPromiseException(String message) {
        super(message);
    }
}
