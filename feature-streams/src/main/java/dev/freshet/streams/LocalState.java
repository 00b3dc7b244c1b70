package dev.freshet.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies of a job's state on this machine's disk. When a user is erased, tombstones leave the changelogs at once: a copy from
 * before then would never hear of them, and would keep what they ended. So the first start behind an erasure restores all of it;
 * and what the files still held of the user is gone with them.
 */
final class LocalState {
    private static final Logger log = LoggerFactory.getLogger(LocalState.class);

    private final Path note;

    /** @param application the job's id */
    LocalState(Path directory, String application) {
        note = directory.resolve(application + ".erasure");
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

    /** What is no number was not written whole. */
    private long noted() throws IOException {
        if (!Files.exists(note)) {
            return 0;
        }
        String text = Files.readString(note).strip();
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }
}
