package dev.freshet.streams;

import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** The copy of the state on this machine's disk cannot be read. What it is a copy of, in the changelogs, is good. */
final class CorruptStateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CorruptStateException(String message) {
        super(message);
    }

    /** Whether it was for such a state that the work has failed, and not for a disk that is full or away for a while. */
    static boolean isCauseOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CorruptStateException || (cause instanceof RocksDBException db && isCorruption(db))) {
                return true;
            }
        }
        return false;
    }

    /** The latter two are what a version of RocksDB says that does not know the files of another one. */
    private static boolean isCorruption(RocksDBException failure) {
        Status status = failure.getStatus();
        return status != null
                && switch (status.getCode()) {
                    case Corruption, NotSupported, InvalidArgument -> true;
                    default -> false;
                };
    }
}
