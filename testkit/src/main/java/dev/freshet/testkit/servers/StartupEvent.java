package dev.freshet.testkit.servers;

/** One step of {@link EmbeddedServers#start}: told from the thread that starts the server. */
public record StartupEvent(String server, Step step) {
    /** In this order for each server; FAILED is followed by the exception that start() throws. */
    public enum Step {
        STARTING,
        READY,
        FAILED
    }
}
