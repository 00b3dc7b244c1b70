package dev.freshet.ops.truth;

import static dev.freshet.runtime.source.SourceTables.quoted;
import static java.util.stream.Collectors.joining;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Function;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;

/**
 * Renders {@code user_features_at(t)}: for every user of the source the features that are right at t, over the rows that the
 * calling statement sees.
 *
 * <p>PostgreSQL inlines it, so that {@code LATERAL user_features_at(f.computed_at) t WHERE t.user_id = f.user_id} costs an
 * index scan of the user's orders per row; without an index on the orders' user it costs a scan of all orders per row.
 */
public final class TruthFunction {
    private final SourceTables source;
    private final List<FeatureSql> features;

    public TruthFunction(SourceTables source, Catalogue catalogue) {
        this.source = source;
        features = catalogue.features().stream()
                .map(feature -> new FeatureSql(feature, source.orders()))
                .toList();
    }

    public static TruthFunction of(FreshetConfig config) {
        return new TruthFunction(SourceTables.of(config.source()), config.catalogue());
    }

    /** The statement that creates or replaces the function. */
    public String sql() {
        return """
                CREATE OR REPLACE FUNCTION %s(at timestamptz)
                RETURNS TABLE (user_id %s, %s)
                LANGUAGE sql STABLE
                AS $truth$
                    SELECT u.%s,
                        %s
                    FROM %s
                    CROSS JOIN LATERAL (
                        SELECT
                            %s
                        FROM %s
                        WHERE o.%s = u.%s AND %s <= $1
                    ) AS a
                $truth$;
                """.formatted(
                        Names.TRUTH,
                        source.users().idType().sqlName(),
                        each(feature -> feature.name() + " " + feature.type(), ", "),
                        id(),
                        each(FeatureSql::value, ",\n        "),
                        source.users().rows("u"),
                        aggregates("$1", ",\n            "),
                        source.orders().rows("o"),
                        quoted(source.orders().user()),
                        id(),
                        source.orders().time());
    }

    /**
     * A query of the same rows, but with every user's own instant, made in one pass over all orders: for a whole table where
     * no index leads to a user's orders.
     *
     * @param instants a relation with the columns user_id and t, one row per user that exists
     */
    public String sqlAtEach(String instants) {
        return """
                SELECT a.user_id, %s
                FROM (
                    SELECT i.user_id, %s
                    FROM %s AS i LEFT JOIN %s ON o.%s = i.user_id AND %s <= i.t
                    GROUP BY i.user_id
                ) AS a""".formatted(
                        each(feature -> feature.value() + " AS " + feature.name(), ", "),
                        aggregates("i.t", ", "),
                        instants,
                        source.orders().rows("o"),
                        quoted(source.orders().user()),
                        source.orders().time());
    }

    private String id() {
        return quoted(source.users().id());
    }

    private String each(Function<FeatureSql, String> text, String separator) {
        return features.stream().map(text).collect(joining(separator));
    }

    private String aggregates(String t, String separator) {
        return features.stream()
                .flatMap(feature -> feature.aggregates(t).stream())
                .collect(joining(separator));
    }

    /** Creates or replaces the function, in the source's database. */
    public void install(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql());
        }
    }
}
