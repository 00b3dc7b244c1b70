package dev.freshet.streams.core;

/**
 * The state is not what the log makes of itself up to here: it already holds entries that are still to come. So it is of
 * another log, as after the brokers' data was lost, or holds entries of a transaction that was never committed. No guess
 * mends it: it has to be thrown away and rebuilt.
 */
public final class ForeignStateException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ForeignStateException(long reached, long offset) {
        super("the state has reached offset " + reached + ", but the log's next entry is that of offset " + offset);
    }
}
