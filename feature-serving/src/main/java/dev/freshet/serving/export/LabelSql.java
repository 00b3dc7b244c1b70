package dev.freshet.serving.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.freshet.runtime.config.IdType;
import dev.freshet.schemas.TimeDomain;

/**
 * Makes the table {@code labels} of what was given: row, user, instant in microseconds, and what is wrong with it. A row that
 * something is wrong with has neither user nor instant.
 */
final class LabelSql {
    /** With seconds up to 59: a leap second is no instant of PostgreSQL's. */
    private static final String DATE_TIME = "\\d{4}-\\d{2}-\\d{2}[T ]([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?";

    private static final String ZONE = "(Z|z| UTC|[+-](0\\d|1[0-5])(:?[0-5]\\d)?)";

    /** What some programs write for a time, and is none that can be understood in one way only. */
    private static final String NUMBER = "-?\\d+(\\.\\d+)?";

    private static final String WITHOUT_ZONE = "\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?)?";
    private static final String UUID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private static final Set<String> INTEGERS = Set.of(
            "TINYINT",
            "SMALLINT",
            "INTEGER",
            "BIGINT",
            "HUGEINT",
            "UTINYINT",
            "USMALLINT",
            "UINTEGER",
            "UBIGINT",
            "UHUGEINT");

    /** Behind a type in which DuckDB cuts them off. */
    static final String NANOSECONDS = " in nanoseconds";

    private static final String INSTANT = "TIMESTAMP WITH TIME ZONE";

    private final LabelColumns columns;
    private final FileFormat format;
    private final IdType ids;

    LabelSql(LabelColumns columns, FileFormat format, IdType ids) {
        this.columns = columns;
        this.format = format;
        this.ids = ids;
    }

    /** The type of users in DuckDB. A uuid is the text that PostgreSQL prints. */
    static String userType(IdType ids) {
        return ids == IdType.BIGINT ? "BIGINT" : "VARCHAR";
    }

    /** @throws ExportRefusedException if user_id or label_time of a Parquet file are of a type that does not do */
    void checkTypes(String labels) {
        if (format == FileFormat.CSV) {
            return;
        }
        List<String> faults = new ArrayList<>();
        String user = columns.type(LabelColumns.USER);
        boolean isUsable =
                switch (ids) {
                    case BIGINT -> INTEGERS.contains(user);
                    case UUID -> user.equals("UUID") || user.equals("VARCHAR");
                    case TEXT -> user.equals("VARCHAR");
                };
        if (!isUsable) {
            faults.add("user_id is " + user + ", and the source's ids are " + ids.sqlName());
        }
        String time = columns.type(LabelColumns.TIME);
        if (time.equals(INSTANT + NANOSECONDS)) {
            faults.add("label_time is " + time + ", which would be cut: cast it to microseconds,"
                    + " as in pandas with .dt.floor(\"us\").astype(\"datetime64[us, UTC]\")");
        } else if (!time.equals(INSTANT)) {
            faults.add("label_time is " + time + ": it has to be a timestamp with time zone, "
                    + (time.startsWith("TIMESTAMP") ? "as in pandas after tz_localize" : "in microseconds"));
        }
        if (!faults.isEmpty()) {
            throw new ExportRefusedException("--labels " + labels + ": " + String.join("; ", faults));
        }
    }

    String create() {
        String user = columns.column(LabelColumns.USER);
        String time = columns.column(LabelColumns.TIME);
        return """
                CREATE TABLE labels AS
                WITH parsed AS (
                    SELECT rowid AS r, %s AS u, %s AS t, CAST(%s AS VARCHAR) AS user_text, CAST(%s AS VARCHAR) AS time_text
                    FROM given),
                judged AS (
                    SELECT r, u, t, CASE
                        WHEN trim(coalesce(user_text, '')) = '' THEN 'user_id is blank'
                        WHEN u IS NULL THEN 'user_id ' || left(user_text, 40) || ' is no %s'
                        WHEN contains(user_text, chr(0)) THEN 'user_id ' || left(user_text, 40) || ' holds a NUL, which no text of PostgreSQL does'
                        WHEN trim(coalesce(time_text, '')) = '' THEN 'label_time is blank'
                        WHEN t IS NULL OR t NOT BETWEEN %d AND %d THEN 'label_time ' || left(time_text, 40) || CASE
                            WHEN regexp_full_match(time_text, '%s') THEN
                                ' is a number: write a time, as 2026-03-31T12:00:00Z'
                            WHEN regexp_full_match(time_text, '%s') THEN
                                ' has no time zone: write 2026-03-31T12:00:00Z, or an offset as +02:00'
                            ELSE ' is no time: write one as 2026-03-31T12:00:00Z' END
                        END AS fault
                    FROM parsed)
                SELECT r, CASE WHEN fault IS NULL THEN u END AS u, CASE WHEN fault IS NULL THEN t END AS t, fault
                FROM judged""".formatted(
                        user(user),
                        time(time),
                        user,
                        time,
                        ids.sqlName(),
                        TimeDomain.FIRST_MICROS,
                        TimeDomain.LAST_MICROS,
                        NUMBER,
                        WITHOUT_ZONE);
    }

    private String user(String column) {
        if (format == FileFormat.PARQUET) {
            return ids == IdType.BIGINT ? "TRY_CAST(" + column + " AS BIGINT)" : text(column);
        }
        return ids == IdType.BIGINT
                ? "CASE WHEN regexp_full_match(%1$s, '0|-?[1-9]\\d*') THEN TRY_CAST(%1$s AS BIGINT) END"
                        .formatted(column)
                : text(column);
    }

    private String text(String column) {
        String text = "CAST(" + column + " AS VARCHAR)";
        return ids == IdType.UUID
                ? "CASE WHEN regexp_full_match(%1$s, '%2$s') THEN lower(%1$s) END".formatted(text, UUID)
                : text;
    }

    /** Digits beyond microseconds are cut off: an order is at or before the instant either way. */
    private String time(String column) {
        return format == FileFormat.PARQUET
                ? "CASE WHEN isfinite(%1$s) THEN epoch_us(%1$s) END".formatted(column)
                : "CASE WHEN regexp_full_match(%1$s, '%2$s') THEN epoch_us(TRY_CAST(%3$s AS TIMESTAMPTZ)) END"
                        .formatted(column, DATE_TIME + ZONE, plain(column));
    }

    private static String plain(String column) {
        return "CASE WHEN length(%1$s) <= 20 THEN upper(%1$s) ELSE regexp_replace(replace(upper(%1$s), ' UTC', 'Z'), '(\\.\\d{6})\\d+', '\\1') END"
                .formatted(column);
    }
}
