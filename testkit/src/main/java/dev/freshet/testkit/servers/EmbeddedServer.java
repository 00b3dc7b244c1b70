package dev.freshet.testkit.servers;

/**
 * One server process with its data directory. Starting again on the same directory goes on with the same data; a process that
 * a killed run left behind there is stopped first.
 */
public interface EmbeddedServer extends AutoCloseable {
    /** What progress messages and log files call it. */
    String name();

    /** Starts it and returns when it serves; {@link ServerStartException} with its last log lines when it does not. */
    void start();

    /** Stops it in an orderly way, and hard when that takes too long. Does nothing when it is not running. */
    void stop();

    /** kill -9, and a wait until the process and its children are gone. */
    void killHard();

    /** The process id; an {@link IllegalStateException} when it is not running. */
    long pid();

    boolean isRunning();

    /** Stops it if it runs, and starts it on the same port. */
    default void restart() {
        stop();
        start();
    }

    @Override
    default void close() {
        stop();
    }
}
