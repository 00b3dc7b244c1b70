package dev.freshet.serving.explain;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

import dev.freshet.schemas.TimeDomain;

/** Reads an instant as a person or a request writes it. */
public final class ExplainedInstant {
    private static final int NANOS_PER_MICRO = 1_000;

    private ExplainedInstant() {}

    /**
     * @param text ISO 8601 with a zone's offset, in the years 1 to 9999 and in whole microseconds: {@code 2026-03-31T12:00:00Z}
     * @throws UnusableInstantException if it is not that
     */
    public static Instant parse(String text) {
        Instant time;
        try {
            time = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new UnusableInstantException(
                    "'" + text
                            + "' is not a point in time: write date, time and offset, as 2026-03-31T12:00:00Z or 2026-03-31T14:00:00+02:00");
        }
        if (!TimeDomain.contains(time)) {
            throw new UnusableInstantException("'" + text + "' is outside of the years 1 to 9999");
        }
        if (time.getNano() % NANOS_PER_MICRO != 0) {
            throw new UnusableInstantException("'" + text + "' is finer than microseconds: write at most six decimals");
        }
        return time;
    }
}
