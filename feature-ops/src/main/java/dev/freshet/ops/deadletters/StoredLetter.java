package dev.freshet.ops.deadletters;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.record.DeadLetter;

/**
 * A dead letter in its topic.
 *
 * @param id its offset
 * @param letter null if the topic holds something else there
 */
public record StoredLetter(long id, @Nullable DeadLetter letter) {
    /** The user that is incomplete because of it; empty if it names none. */
    public Optional<String> user() {
        DeadLetter read = letter;
        return read == null || read.row() == null
                ? Optional.empty()
                : Optional.of(read.row().user().toString());
    }
}
