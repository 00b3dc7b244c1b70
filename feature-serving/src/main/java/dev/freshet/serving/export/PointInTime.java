package dev.freshet.serving.export;

import static java.util.stream.Collectors.joining;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.duckdb.DuckDBAppender;

/**
 * Computes the features at each label's instant into the table {@code event}, by its row: one pass over orders and labels, both by
 * user and time. The sorting is DuckDB's, which spills what does not fit; the sums are ours, because its numbers are bounded.
 */
final class PointInTime {
    /** Users that exist and have labels, numbered: both readers meet by number, and the rest is left out. */
    private static final String PEOPLE = """
            CREATE TABLE people AS SELECT u, row_number() OVER () AS k
            FROM (SELECT DISTINCT u FROM labels WHERE u IN (SELECT u FROM users))""";

    private static final String LABELS =
            "SELECT p.k, l.t, l.r FROM labels AS l JOIN people AS p ON l.u = p.u ORDER BY p.k, l.t";

    private static final int LOOK = 4_096;

    private final Duck duck;
    private final List<FeatureColumn> columns;
    private final List<FeatureState> features;
    private final Interruption interruption;

    PointInTime(Duck duck, List<FeatureColumn> columns, List<String> amounts, Interruption interruption) {
        this.duck = duck;
        this.columns = columns;
        this.interruption = interruption;
        features = columns.stream()
                .map(column -> new FeatureState(column, amounts))
                .toList();
    }

    void compute(SourceRows source, int amounts, Snapshot.RowCount count) throws SQLException {
        duck.run(PEOPLE);
        duck.run("CREATE TABLE event (r BIGINT, "
                + columns.stream()
                        .map(column -> column.column() + " " + column.type())
                        .collect(joining(", "))
                + ")");
        try (Duck ordersSession = duck.session();
                Duck labelsSession = duck.session();
                Statement ordersQuery = ordersSession.statement();
                Statement labelsQuery = labelsSession.statement();
                Interruption.Watched ordersWatched = interruption.during(ordersQuery::cancel);
                Interruption.Watched labelsWatched = interruption.during(labelsQuery::cancel);
                ResultSet orders = ordersQuery.executeQuery(OrderReader.sql(amounts, source.unusual()));
                ResultSet labels = labelsQuery.executeQuery(LABELS)) {
            OrderReader reader = new OrderReader(orders, amounts, source.unusual());
            duck.append("event", appender -> merge(reader, labels, appender, count));
        }
    }

    private long merge(OrderReader orders, ResultSet labels, DuckDBAppender appender, Snapshot.RowCount count)
            throws SQLException {
        long user = 0;
        long done = 0;
        while (labels.next()) {
            long next = labels.getLong(1);
            if (next != user) {
                user = next;
                features.forEach(FeatureState::clear);
                orders.skipTo(user);
            }
            long instant = labels.getLong(2);
            while (orders.isOf(user) && orders.order().time <= instant) {
                for (FeatureState feature : features) {
                    feature.add(orders.order(), instant);
                }
                orders.next();
            }
            appender.beginRow();
            appender.append(labels.getLong(3));
            for (FeatureState feature : features) {
                feature.moveTo(instant);
                feature.append(appender);
            }
            appender.endRow();
            if (++done % LOOK == 0) {
                interruption.check();
                count.at(done);
            }
        }
        return done;
    }
}
