package dev.freshet.serving.export;

/** Text fit for SQL. */
final class SqlText {
    private SqlText() {}

    /** A literal of DuckDB, and of PostgreSQL where standard_conforming_strings is on. */
    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
