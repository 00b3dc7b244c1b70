package dev.freshet.ops.replay;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.freshet.runtime.config.IdType;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/** The statements of a comparison of two tables. Values of incomplete rows say nothing, and are not compared. */
final class DiffSql {
    private static final String EXACT_UNTIL = "exact_until";

    private final String first;
    private final String second;
    private final Catalogue catalogue;
    private final String idType;

    DiffSql(String first, String second, Catalogue catalogue, IdType idType) {
        this.first = first;
        this.second = second;
        this.catalogue = catalogue;
        this.idType = idType.sqlName();
    }

    /** How many users there are, about: those of the first table. */
    String count() {
        return "SELECT count(*) FROM " + first;
    }

    /**
     * The last user of the next chunk, as text; no row if there is none.
     *
     * @param isFirst whether there is no user to begin behind; else that one is the parameter, twice
     */
    String end(boolean isFirst, int chunk) {
        String from = isFirst ? "" : "WHERE user_id > ?::" + idType;
        return """
                SELECT user_id::text FROM (
                    SELECT user_id FROM (
                        (SELECT user_id FROM %1$s %3$s ORDER BY user_id LIMIT %4$d)
                        UNION (SELECT user_id FROM %2$s %3$s ORDER BY user_id LIMIT %4$d)) AS both_tables
                    ORDER BY user_id LIMIT %4$d) AS chunk
                ORDER BY user_id DESC LIMIT 1""".formatted(first, second, from, chunk);
    }

    /** How many users are in a chunk, and which differ, as an array of text. Parameters: its bounds, twice. */
    String differing(boolean isFirst) {
        String within = (isFirst ? "" : "user_id > ?::%1$s AND ") + "user_id <= ?::%1$s";
        return """
                SELECT count(*), coalesce(array_agg(user_id::text) FILTER (WHERE %s), '{}')
                FROM (SELECT * FROM %s WHERE %s) AS a
                FULL JOIN (SELECT * FROM %s WHERE %s) AS b USING (user_id)""".formatted(differs(), first, within.formatted(idType), second, within.formatted(idType));
    }

    /**
     * Of users, an array of text given twice, those that differ: user, both versions, then by feature and for "incomplete"
     * whether it differs, and both values.
     */
    String look() {
        String within = "user_id = ANY (?::text[]::" + idType + "[])";
        return """
                SELECT user_id::text, a.version, b.version, %s,
                    coalesce(b.incomplete AND NOT a.incomplete, false), a.incomplete::text, b.incomplete::text
                FROM (SELECT * FROM %s WHERE %s) AS a
                FULL JOIN (SELECT * FROM %s WHERE %s) AS b USING (user_id)
                WHERE %s ORDER BY user_id""".formatted(
                each(column -> "%2$s, a.%1$s::text, b.%1$s::text".formatted(quoted(column), differs(column)), ", "),
                first,
                within,
                second,
                within,
                differs());
    }

    /** Whether both generations, the parameters, are complete beyond an instant, the last parameter. */
    static String isBeyond() {
        return """
                SELECT count(*) = 2 AND bool_and(is_beyond) FROM (
                    SELECT count(*) = g.partitions AND min(w.source_time) > ?::timestamptz AS is_beyond
                    FROM %s AS g JOIN %s AS w USING (generation) WHERE generation IN (?, ?)
                    GROUP BY generation, g.partitions) AS each_generation""".formatted(Names.GENERATIONS, Names.WATERMARKS);
    }

    private String differs() {
        return "(a.user_id IS NULL OR b.user_id IS NULL OR (b.incomplete AND NOT a.incomplete) OR "
                + each(DiffSql::differs, " OR ") + ")";
    }

    /** What is compared of two rows that are complete: the features, and until when they are exact. */
    static List<String> columns(Catalogue catalogue) {
        return Stream.concat(catalogue.features().stream().map(FeatureDefinition::name), Stream.of(EXACT_UNTIL))
                .toList();
    }

    private static String differs(String column) {
        return "coalesce(NOT a.incomplete AND NOT b.incomplete AND a.%1$s IS DISTINCT FROM b.%1$s, false)"
                .formatted(quoted(column));
    }

    private String each(UnaryOperator<String> text, String separator) {
        return columns(catalogue).stream().map(text).collect(joining(separator));
    }

    private static String quoted(String column) {
        return '"' + column + '"';
    }
}
