package dev.freshet.serving.export;

/** What was asked for, or the labels, cannot be used. Nothing was written. */
public final class ExportRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param reason what is wrong, where, and what to do */
    public ExportRefusedException(String reason) {
        super(reason);
    }

    public ExportRefusedException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
