package dev.freshet.e2e.faults;

/** The moment at which a fault was to strike was not met: nothing is said by what came of it. */
final class MissedException extends Exception {
    private static final long serialVersionUID = 1L;

    MissedException(String message) {
        super(message);
    }
}
