package dev.freshet.ingest.capture;

/** A value of a row is outside the domain of DESIGN 1.3. */
final class OutsideDomainException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    OutsideDomainException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
