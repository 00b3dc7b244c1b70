package dev.freshet.sink.sql;

/**
 * A stored position is not the one that was read from: another sink has this partition now, or an earlier transaction of ours
 * was committed after all. Nothing was written; the stored position tells where to go on.
 */
public final class LostPositionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostPositionException(String message) {
        super(message);
    }
}
