package dev.freshet.ingest.capture;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.TimeDomain;

/**
 * Reads column values as Debezium delivers them: decimals as text, timestamptz as ISO text in UTC, timestamp as the microseconds
 * that it would be from 1970 on if it were in UTC.
 */
final class Values {
    private final String unavailable;

    /** @param unavailable what Debezium puts where the WAL does not hold a value that did not change */
    Values(String unavailable) {
        this.unavailable = unavailable;
    }

    /** Null for SQL NULL. */
    @Nullable
    Id id(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short) {
            return Id.of(((Number) value).longValue());
        }
        if (value instanceof String text) {
            if (text.equals(unavailable)) {
                throw new IllegalStateException("an id that the WAL does not hold");
            }
            return Id.of(text);
        }
        throw new IllegalStateException("an id of type " + value.getClass().getName());
    }

    /** Epoch microseconds; null for SQL NULL. */
    @Nullable
    Long createdAt(String column, @Nullable Object value) throws OutsideDomainException {
        if (value == null) {
            return null;
        }
        if (value instanceof Long micros) {
            if (!TimeDomain.contains(micros)) {
                throw new OutsideDomainException(
                        column + ", " + micros + " microseconds from 1970 on, is outside of the years 1 to 9999");
            }
            return micros;
        }
        String text = text(column, value);
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (!TimeDomain.contains(time)) {
                throw new OutsideDomainException(column + " " + text + " is outside of the years 1 to 9999");
            }
            return micros(time);
        } catch (DateTimeException e) {
            // infinity and -infinity come this way
            throw new OutsideDomainException(column + " " + text + " is not a point in time");
        }
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    /** Null for SQL NULL. */
    @Nullable
    Numeric number(Mapping.Amount amount, @Nullable Object value) throws OutsideDomainException {
        if (value == null) {
            return null;
        }
        if (value instanceof Long || value instanceof Integer || value instanceof Short) {
            return Numeric.of(BigDecimal.valueOf(((Number) value).longValue(), amount.scale()));
        }
        try {
            return Numeric.parse(text(amount.column(), value));
        } catch (NumberFormatException e) {
            throw new OutsideDomainException(amount.column() + ": " + e.getMessage());
        }
    }

    private String text(String column, Object value) throws OutsideDomainException {
        if (!(value instanceof String text)) {
            throw new IllegalStateException(
                    "column " + column + " is of type " + value.getClass().getName());
        }
        present(column, text);
        return text;
    }

    /** The value as it is, if the WAL holds it. */
    @Nullable
    Object present(String column, @Nullable Object value) throws OutsideDomainException {
        if (unavailable.equals(value)) {
            throw new OutsideDomainException(
                    column + " is stored out of line and did not change, so the WAL does not hold it");
        }
        return value;
    }
}
