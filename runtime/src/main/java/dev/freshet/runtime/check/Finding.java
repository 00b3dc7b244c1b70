package dev.freshet.runtime.check;

/**
 * Something that speaks against running.
 *
 * @param what is wrong, and where
 * @param cure what to run, SQL where SQL can do it
 */
public record Finding(Severity severity, String what, String cure) {

    public enum Severity {
        /** A process refuses it, or a promise does not hold with it. */
        ERROR,
        /** It works, until something else happens. */
        WARNING
    }

    /** An error. */
    public Finding(String what, String cure) {
        this(Severity.ERROR, what, cure);
    }

    public static Finding warning(String what, String cure) {
        return new Finding(Severity.WARNING, what, cure);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }
}
