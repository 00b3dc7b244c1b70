package dev.freshet.serving.export;

/** Is told how far an export is; called often, so it decides itself what of it is shown. */
@FunctionalInterface
public interface ExportProgress {
    /** Shows nothing. */
    ExportProgress NONE = (what, done, total) -> {};

    /** In place of a total that nobody knows. */
    long UNKNOWN = -1;

    /**
     * @param what is counted, as {@code orders read}
     * @param total about how many there are, or {@link #UNKNOWN}
     */
    void at(String what, long done, long total);
}
