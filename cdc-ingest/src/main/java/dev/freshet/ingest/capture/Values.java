package dev.freshet.ingest.capture;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;

/** Reads column values as Debezium delivers them: decimals as text, timestamptz as ISO text in UTC. */
final class Values {
    private static final int FIRST_YEAR = 1;
    private static final int LAST_YEAR = 9_999;

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
        String text = text(column, value);
        try {
            OffsetDateTime time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
            if (time.getYear() < FIRST_YEAR || time.getYear() > LAST_YEAR) {
                throw new OutsideDomainException(column + " " + text + " is outside of the years 1 to 9999");
            }
            Instant instant = time.toInstant();
            return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
        } catch (DateTimeException e) {
            // infinity and -infinity come this way
            throw new OutsideDomainException(column + " " + text + " is not a point in time");
        }
    }

    /** Null for SQL NULL. */
    @Nullable
    Numeric number(String column, @Nullable Object value) throws OutsideDomainException {
        if (value == null) {
            return null;
        }
        boolean whole = value instanceof Long || value instanceof Integer || value instanceof Short;
        String text = whole ? value.toString() : text(column, value);
        try {
            return Numeric.parse(text);
        } catch (NumberFormatException e) {
            throw new OutsideDomainException(column + ": " + e.getMessage());
        }
    }

    private String text(String column, Object value) throws OutsideDomainException {
        if (!(value instanceof String text)) {
            throw new IllegalStateException(
                    "column " + column + " is of type " + value.getClass().getName());
        }
        if (text.equals(unavailable)) {
            throw new OutsideDomainException(
                    column + " is stored out of line and did not change, so the WAL does not hold it");
        }
        return text;
    }
}
