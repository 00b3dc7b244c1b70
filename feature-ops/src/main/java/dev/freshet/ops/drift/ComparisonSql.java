package dev.freshet.ops.drift;

import static java.util.stream.Collectors.joining;

import java.util.function.Function;

import dev.freshet.ops.truth.TruthFunction;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * The full outer join of table and truth, in one statement and so on one snapshot. Each row is compared at the latest
 * instant for which it and the watermark vouch: greatest(computed_at, least(complete through, just before exact_until)).
 */
final class ComparisonSql {
    private static final String TRUTH_BY_FUNCTION = """
            SELECT t.* FROM instants AS i CROSS JOIN LATERAL %s(i.t) AS t WHERE t.user_id = i.user_id""".formatted(Names.TRUTH);

    private final SourceTables source;
    private final Catalogue catalogue;

    ComparisonSql(SourceTables source, Catalogue catalogue) {
        this.source = source;
        this.catalogue = catalogue;
    }

    /** Whether the function is installed and an index leads to a user's orders: else one pass over all orders is better. */
    String canUseFunction() {
        return """
                SELECT to_regprocedure('%s(timestamptz)') IS NOT NULL AND EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid
                    AND a.attnum = i.indkey[0]
                WHERE i.indrelid = ?::regclass AND i.indisvalid AND i.indpred IS NULL AND a.attname = ?)""".formatted(Names.TRUTH);
    }

    /** One row: compared, missing, extra, incomplete, overdue, then wrong by feature. */
    String counts(boolean byFunction) {
        return compared(byFunction)
                + """
                SELECT count(*), count(*) FILTER (WHERE f.user_id IS NULL), count(*) FILTER (WHERE t.user_id IS NULL),
                    count(*) FILTER (WHERE f.incomplete), count(*) FILTER (WHERE f.exact_until <= f.complete_time),
                    %s
                FROM f FULL JOIN t USING (user_id)""".formatted(each(
                        feature -> "count(*) FILTER (WHERE NOT f.incomplete AND t.user_id IS NOT NULL AND "
                                + differs(feature) + ")",
                        ",\n    "));
    }

    /** The users that differ: user, in the table or not, in the truth or not, then by feature whether it differs, and both values. */
    String samples(boolean byFunction, int limit) {
        return compared(byFunction)
                + """
                SELECT user_id::text, f.user_id IS NOT NULL, t.user_id IS NOT NULL, %s
                FROM f FULL JOIN t USING (user_id)
                WHERE f.user_id IS NULL OR t.user_id IS NULL OR (NOT f.incomplete AND (%s))
                ORDER BY user_id LIMIT %d""".formatted(
                                each(
                                        feature -> "%2$s, f.%1$s::text, t.%1$s::text"
                                                .formatted(column(feature), differs(feature)),
                                        ", "),
                                each(ComparisonSql::differs, " OR "),
                                limit);
    }

    private String compared(boolean byFunction) {
        return """
                WITH f AS MATERIALIZED (
                    SELECT f.*, c.source_time AS complete_time, greatest(f.computed_at,
                        least(c.source_time, f.exact_until - interval '1 microsecond')) AS t
                    FROM %1$s AS f, %2$s AS c),
                instants AS (
                    SELECT u.%3$s AS user_id, coalesce(f.t, c.source_time) AS t
                    FROM %4$s CROSS JOIN %2$s AS c LEFT JOIN f ON f.user_id = u.%3$s),
                t AS MATERIALIZED (
                    %5$s)
                """.formatted(
                        Names.VIEW,
                        Names.COMPLETE_THROUGH,
                        '"' + source.users().id().replace("\"", "\"\"") + '"',
                        source.users().rows("u"),
                        byFunction ? TRUTH_BY_FUNCTION : new TruthFunction(source, catalogue).sqlAtEach("instants"));
    }

    private static String differs(FeatureDefinition feature) {
        return "f.%1$s IS DISTINCT FROM t.%1$s".formatted(column(feature));
    }

    private String each(Function<FeatureDefinition, String> text, String separator) {
        return catalogue.features().stream().map(text).collect(joining(separator));
    }

    private static String column(FeatureDefinition feature) {
        return '"' + feature.name() + '"';
    }
}
