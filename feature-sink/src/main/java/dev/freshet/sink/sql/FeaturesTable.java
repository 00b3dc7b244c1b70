package dev.freshet.sink.sql;

import dev.freshet.schemas.Names;

/** The physical table of a generation. Only the sink names it; readers name the view. */
final class FeaturesTable {
    private FeaturesTable() {}

    /**
     * No index over what changes and room on each page: an update then stays on its page and leaves no index entry behind. The
     * second index holds the few rows that are incomplete, so that they can be counted without reading the table.
     */
    static String create(String table, FeatureColumns columns) {
        return """
                CREATE TABLE IF NOT EXISTS %1$s (
                    %2$s,
                    PRIMARY KEY (user_id)
                ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_limit = 2000);
                CREATE INDEX IF NOT EXISTS %1$s_incomplete ON %1$s (user_id) WHERE incomplete""".formatted(table, columns.each(FeatureColumns.Column::ddl, ",\n    "));
    }

    /** Foreign keys that an operator gave to the table that is read now, for the table of the next generation. */
    static String foreignKeys() {
        return """
                SELECT quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
                WHERE contype = 'f' AND conrelid IN (
                    SELECT d.refobjid FROM pg_rewrite r JOIN pg_depend d ON d.objid = r.oid
                    WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass
                      AND r.ev_class = to_regclass('%s'))
                ORDER BY conname""".formatted(Names.VIEW);
    }
}
