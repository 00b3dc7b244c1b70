package dev.freshet.sink.sql;

import java.util.List;

import dev.freshet.schemas.Names;

/**
 * Every version that a features table held, and from when, by the target's clock at the transaction that wrote it; a removal
 * is a version without features. Partitioned by the day of {@code held_from}, see {@link HistoryDays}.
 */
final class HistoryTable {
    private HistoryTable() {}

    static String create(FeatureColumns columns) {
        return """
                CREATE TABLE IF NOT EXISTS %s (
                    generation int NOT NULL,
                    removed boolean NOT NULL,
                    %s,
                    held_from timestamptz NOT NULL,
                    PRIMARY KEY (generation, user_id, version, held_from)
                ) PARTITION BY RANGE (held_from)""".formatted(Names.HISTORY, columns.each(HistoryTable::ddl, ",\n    "));
    }

    /** A removal has no features and, of Freshet's own columns, no flag and no end. */
    private static String ddl(FeatureColumns.Column column) {
        return column.name().equals("incomplete") ? "incomplete boolean NOT NULL DEFAULT false" : column.ddl();
    }

    /**
     * With the end of each version's time in the table: the next version's beginning; NULL while it is held.
     *
     * @param features every feature that the history has a column for, the newest last: a view can only be added to
     */
    static String createHeldView(List<String> features) {
        return """
                CREATE OR REPLACE VIEW %s AS
                SELECT generation, user_id, version, removed, computed_at, exact_until, incomplete, held_from,
                    lead(held_from) OVER (PARTITION BY generation, user_id ORDER BY version, held_from) AS held_until,
                    %s
                FROM %s""".formatted(Names.HELD, String.join(", ", features), Names.HISTORY);
    }

    /** The names, quoted, of the columns that the history has, in the order in which they came. */
    static String readColumns() {
        return """
                SELECT attname FROM pg_attribute
                WHERE attrelid = to_regclass('%s') AND attnum > 0 AND NOT attisdropped ORDER BY attnum""".formatted(Names.HISTORY);
    }

    /** The type of its users' ids; no row if there is no such table. */
    static String readUserType() {
        return """
                SELECT atttypid::regtype::text FROM pg_attribute
                WHERE attrelid = to_regclass('%s') AND attname = 'user_id'""".formatted(Names.HISTORY);
    }

    /** Puts what a data-modifying CTE named {@code held} returned, in the columns' order, into the history. */
    static String insertHeld(int generation, FeatureColumns columns, String clock) {
        return """
                INSERT INTO %s (generation, removed, %s, held_from)
                SELECT %d, false, held.*, %s FROM held""".formatted(Names.HISTORY, columns.names(), generation, clock);
    }
}
