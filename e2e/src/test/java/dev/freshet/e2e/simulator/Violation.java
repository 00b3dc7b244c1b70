package dev.freshet.e2e.simulator;

/** A promise is broken. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Violation(String what) {
        super(what);
    }
}
