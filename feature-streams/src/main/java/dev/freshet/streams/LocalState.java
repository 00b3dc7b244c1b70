package dev.freshet.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.lifecycle.Stop;

/**
 * The copies of a job's state on this machine's disk. If one cannot be read, the next start restores all of them from the changelogs.
 *
 * <p>When a user is erased, tombstones leave the changelogs at once: a copy from before then would never hear of them, and would
 * keep what they ended. So the first start behind an erasure restores all of it; and what the files still held of the user is gone
 * with them.
 */
final class LocalState {
    private static final Logger log = LoggerFactory.getLogger(LocalState.class);

    private final Path note;
    private final Path loss;
    private final Path corruption;

    /** @param application the job's id */
    LocalState(Path directory, String application) {
        note = directory.resolve(application + ".erasure");
        loss = directory.resolve(application + ".lost");
        corruption = directory.resolve(application + ".corrupt");
    }

    /**
     * Removes the copies if they may be older than an erasure.
     *
     * @param newest number of the newest erasure; 0 for none
     * @param cleanUp removes them
     */
    void forgetIfOlderThan(long newest, Runnable cleanUp) {
        try {
            if (noted() == newest) {
                return;
            }
            log.info("a user was erased: state is restored from the changelogs erasure={} note={}", newest, note);
            cleanUp.run();
            Files.createDirectories(note.getParent());
            Files.writeString(note, Long.toString(newest));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note the newest erasure in " + note, e);
        }
    }

    /**
     * Notes that copies cannot be read, so that the next start removes them: with the files open that is not possible, and Kafka Streams
     * does it only for some failures.
     *
     * @return to be thrown
     */
    Stop.Restart corrupt(Throwable failure) {
        try {
            Files.createDirectories(corruption.getParent());
            Files.writeString(corruption, String.valueOf(failure.getMessage()));
        } catch (IOException e) {
            e.addSuppressed(failure);
            throw new UncheckedIOException("cannot note in " + corruption + " that the state cannot be read", e);
        }
        return new Stop.Restart("the state on this disk cannot be read, and is restored at the next start", failure);
    }

    /**
     * Removes the copies if some could not be read.
     *
     * @param cleanUp removes them
     */
    void forgetIfCorrupt(Runnable cleanUp) {
        if (!Files.exists(corruption)) {
            return;
        }
        log.warn("state could not be read: it is removed, and restored from the changelogs note={}", corruption);
        cleanUp.run();
        try {
            Files.delete(corruption);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + corruption, e);
        }
    }

    /**
     * Notes for later starts what has been found to be lost: Kafka Streams removes the copies of a job that ends for it, and with
     * them all that could tell. It stays until somebody removes the directory.
     *
     * @return to be thrown
     */
    Stop.Operator lost(String what) {
        try {
            Files.createDirectories(loss.getParent());
            Files.writeString(loss, what);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note in " + loss + " that " + what, e);
        }
        return stop(what);
    }

    /** @throws Stop.Operator if what there was has been found to be lost */
    void requireKept() {
        if (Files.exists(loss)) {
            try {
                throw stop(Files.readString(loss));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + loss, e);
            }
        }
    }

    private static Stop.Operator stop(String what) {
        return new Stop.Operator(what, Generations.REBUILD);
    }

    /** What is no number was not written whole. */
    private long noted() throws IOException {
        if (!Files.exists(note)) {
            return 0;
        }
        String text = Files.readString(note).strip();
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }
}
