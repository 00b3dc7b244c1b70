package dev.freshet.serving.export;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Set;

import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/** What tables held: user, generation, version, whether that is a removal, whether incomplete, from when, and the features. */
final class SelectVersions {
    private SelectVersions() {}

    /** All that the history knows of these generations. */
    static String ofHistory(
            List<FeatureDefinition> features, Set<String> present, List<Integer> generations, UserFilter filter) {
        return "SELECT %s, h.generation, h.version, h.removed, h.incomplete, h.held_from%s FROM %s AS h WHERE h.generation IN (%s) AND %s"
                .formatted(
                        filter.read("h.user_id"),
                        columns("h", features, present),
                        Names.HISTORY,
                        generations.stream().map(String::valueOf).collect(joining(", ")),
                        filter.on("h.user_id"));
    }

    /**
     * The rows of a table that the history does not know: they were written before it began, and not since, for all that was since
     * is in the history. So they were held from its beginning on; but for those that were computed later, of which the history was
     * lost.
     *
     * @param table of the generation
     * @param from the beginning of the history, in microseconds
     */
    static String ofTable(
            String table,
            int generation,
            long from,
            List<FeatureDefinition> features,
            Set<String> present,
            UserFilter filter) {
        return """
                SELECT %s, %d, f.version, false, f.incomplete, to_timestamp(0) + %d * interval '1 microsecond'%s
                FROM %s AS f
                WHERE NOT EXISTS (SELECT FROM %s AS h WHERE h.generation = %2$d AND h.user_id = f.user_id)
                AND f.computed_at <= to_timestamp(0) + %3$d * interval '1 microsecond' AND %s""".formatted(
                        filter.read("f.user_id"),
                        generation,
                        from,
                        columns("f", features, present),
                        table,
                        Names.HISTORY,
                        filter.on("f.user_id"));
    }

    /** A feature that is newer than the table is empty in it. */
    private static String columns(String alias, List<FeatureDefinition> features, Set<String> present) {
        return features.stream()
                .map(feature -> present.contains(feature.name())
                        ? ", " + alias + "." + SqlText.name(feature.name())
                        : ", NULL::integer")
                .collect(joining());
    }

    /** The names of a table's columns. */
    static String columnsOf(String table) {
        return "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(" + SqlText.literal(table)
                + ") AND attnum > 0 AND NOT attisdropped";
    }
}
