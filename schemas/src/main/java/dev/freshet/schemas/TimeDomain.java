package dev.freshet.schemas;

import java.time.Instant;

/**
 * The times that orders may have: the years 1 to 9999 in UTC (DESIGN 1.3), which PostgreSQL, Avro, Java and DuckDB all keep exactly.
 * What has another one is outside of the domain, as amounts are of more than {@link Numeric#MAX_DIGITS} digits.
 */
public final class TimeDomain {
    /** In microseconds since 1970. */
    public static final long FIRST_MICROS = -62_135_596_800_000_000L;

    public static final long LAST_MICROS = 253_402_300_799_999_999L;

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private TimeDomain() {}

    /** @param micros since 1970 */
    public static boolean contains(long micros) {
        return micros >= FIRST_MICROS && micros <= LAST_MICROS;
    }

    public static boolean contains(Instant instant) {
        return !instant.isBefore(FIRST) && instant.isBefore(END);
    }
}
