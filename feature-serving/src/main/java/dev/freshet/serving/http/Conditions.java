package dev.freshet.serving.http;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

import dev.freshet.serving.lookup.Lsn;

/**
 * What a request asks of the freshness of its answer.
 *
 * @param maxAge null for serving.max.age.ms
 * @param minLsn what was committed before it has to be in the table; null if it may be missing
 * @param patience how long to wait for that; null for as long as may be waited
 * @param generation that has to be live; null for any
 * @param staleIsError what is older than asked for is no answer
 */
record Conditions(
        @Nullable Duration maxAge,
        @Nullable Long minLsn,
        @Nullable Duration patience,
        @Nullable Integer generation,
        boolean staleIsError) {
    static final String MAX_AGE = "max_age_ms";
    static final String MIN_LSN = "min_lsn";
    static final String WAIT = "wait_ms";
    static final String GENERATION = "generation";
    static final String STALE = "stale";
    static final List<String> NAMES = List.of(MAX_AGE, MIN_LSN, WAIT, GENERATION, STALE);

    private static final long LONGEST_MILLIS = 2_678_400_000L;

    /** Conditions as they are read; what is set later wins. */
    static final class Draft {
        private @Nullable Duration maxAge;
        private @Nullable Long minLsn;
        private @Nullable Duration patience;
        private @Nullable Integer generation;
        private boolean staleIsError;

        /** @param name one of {@link #NAMES} */
        void put(String name, String text) throws Refusal {
            switch (name) {
                case MAX_AGE -> maxAge = Duration.ofMillis(whole(name, text, LONGEST_MILLIS));
                case WAIT -> patience = Duration.ofMillis(whole(name, text, LONGEST_MILLIS));
                case GENERATION -> generation = (int) whole(name, text, Integer.MAX_VALUE);
                case MIN_LSN -> {
                    OptionalLong lsn = Lsn.parse(text);
                    if (lsn.isEmpty()) {
                        throw Refusal.bad(
                                "min_lsn is no position in the WAL: send what pg_current_wal_insert_lsn() says, as 0/16B3748");
                    }
                    minLsn = lsn.getAsLong();
                }
                case STALE -> {
                    if (!text.equals("error") && !text.equals("flag")) {
                        throw Refusal.bad("stale is neither flag nor error");
                    }
                    staleIsError = text.equals("error");
                }
                default -> throw new IllegalArgumentException(name);
            }
        }

        private static long whole(String name, String text, long most) throws Refusal {
            try {
                long number = Long.parseLong(text);
                if (number >= 0 && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Told below, as what is out of range.
            }
            throw Refusal.bad(name + " has to be a whole number from 0 to " + most);
        }

        Conditions done() {
            return new Conditions(maxAge, minLsn, patience, generation, staleIsError);
        }
    }
}
