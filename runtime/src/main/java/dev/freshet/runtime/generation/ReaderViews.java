package dev.freshet.runtime.generation;

import static java.util.stream.Collectors.joining;

import java.util.List;

import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;

/**
 * What readers name: {@code user_features} and {@code freshet_complete_through}. Both carry their generation as a constant
 * and are only ever replaced, in one transaction: dependent views, grants and prepared statements stay valid, and a
 * statement sees both of one generation.
 */
public final class ReaderViews {
    private final Names names;
    private final String columns;

    public ReaderViews(Names names, Catalogue catalogue) {
        this.names = names;
        columns = "user_id, "
                + catalogue.features().stream()
                        .map(feature -> '"' + feature.name() + '"')
                        .collect(joining(", "))
                + ", computed_at, exact_until, incomplete, version";
    }

    /** The statements that make them before the first activation: the columns, and no row. */
    public List<String> beforeActivation(int generation) {
        return List.of(
                features(generation, 0) + "\nWHERE false\nWITH LOCAL CHECK OPTION",
                completeThrough(generation) + "false");
    }

    /** The statements that turn them to a live generation. */
    public List<String> over(Generation live) {
        return List.of(
                features(live.number(), live.epoch()),
                completeThrough(live.number()) + "count(*) = " + live.partitions());
    }

    /** What they are over. */
    public String table(Generation live) {
        return names.table(live.number());
    }

    private String features(int generation, int epoch) {
        return """
                CREATE OR REPLACE VIEW %s AS
                SELECT %s, %d AS epoch FROM %s""".formatted(Names.VIEW, columns, epoch, names.table(generation));
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
