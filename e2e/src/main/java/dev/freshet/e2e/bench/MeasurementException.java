package dev.freshet.e2e.bench;

/** A figure that cannot be had, or does not count: the message says why. */
final class MeasurementException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MeasurementException(String message) {
        super(message);
    }
}
