package dev.freshet.serving.export;

/** Is told how far an export is; called often, so it decides itself what of it is shown. */
@FunctionalInterface
public interface ExportProgress {
    /** Shows nothing. */
    ExportProgress NONE = (what, done, total) -> {};

    /**
     * @param what is counted, as {@code orders read}
     * @param total about how many there are
     */
    void at(String what, long done, long total);
}
