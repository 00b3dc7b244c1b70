package dev.freshet.ops.deadletters;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.record.DeadLetter;

/**
 * Which letters; null or empty for any.
 *
 * @param ids offsets in the topic
 * @param process ingest, streams or sink
 * @param reason a part of it, in any case
 * @param generation the letter's
 * @param user the user it names
 */
public record LetterFilter(
        Set<Long> ids,
        @Nullable String process,
        @Nullable String reason,
        @Nullable Integer generation,
        @Nullable String user) {
    public static final LetterFilter ALL = new LetterFilter(Set.of(), null, null, null, null);

    public LetterFilter {
        ids = Set.copyOf(ids);
    }

    public boolean passes(StoredLetter stored) {
        if (!ids.isEmpty() && !ids.contains(stored.id())) {
            return false;
        }
        DeadLetter letter = stored.letter();
        if (letter == null) {
            return process == null && reason == null && generation == null && user == null;
        }
        return (process == null || process.equalsIgnoreCase(letter.stage()))
                && (reason == null || lower(letter.reason()).contains(lower(reason)))
                && (generation == null || generation == letter.generation())
                && (user == null || stored.user().filter(user::equals).isPresent());
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
