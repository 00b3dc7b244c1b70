package dev.freshet.sink.sql;

import java.util.List;

import dev.freshet.schemas.Names;

/**
 * What readers name: {@code user_features} and {@code freshet_complete_through}. Both carry their generation as a constant
 * and are only ever replaced, in one transaction: dependent views, grants and prepared statements stay valid, and a
 * statement sees both of one generation.
 */
final class ReaderViews {
    private ReaderViews() {}

    /** Before the first activation: the columns, and no row. */
    static List<String> beforeActivation(int generation, String table, FeatureColumns columns) {
        return List.of(
                features(table, columns, 0) + "\nWHERE false\nWITH LOCAL CHECK OPTION",
                completeThrough(generation) + "false");
    }

    static List<String> over(GenerationTarget target, FeatureColumns columns, int epoch) {
        return List.of(
                features(target.table(), columns, epoch),
                completeThrough(target.generation()) + "count(*) = " + target.partitions());
    }

    private static String features(String table, FeatureColumns columns, int epoch) {
        return """
                CREATE OR REPLACE VIEW %s AS
                SELECT %s, %d AS epoch FROM %s""".formatted(Names.VIEW, columns.names(), epoch, table);
    }

    /** The least over the partitions; no row while one of them has said nothing yet. */
    private static String completeThrough(int generation) {
        return """
                CREATE OR REPLACE VIEW %s AS
                SELECT %d AS generation, min(lsn) AS lsn, min(source_time) AS source_time
                FROM %s WHERE generation = %d
                HAVING\s""".formatted(Names.COMPLETE_THROUGH, generation, Names.WATERMARKS, generation);
    }
}
