package dev.freshet.serving.export;

import static java.util.stream.Collectors.joining;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.duckdb.DuckDBAppender;

import dev.freshet.runtime.config.IdType;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Aggregate;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/** The table {@code versions} in DuckDB: what the tables held that readers saw, and from when. */
final class ServedVersions {
    /** A sum has more digits than what it is of; PostgreSQL's numeric has no more than these. */
    private static final int MAX_DIGITS = 200_000;

    private final Duck duck;
    private final List<FeatureColumn> columns;
    private final UserFilter filter;
    private final NumericField number = new NumericField(MAX_DIGITS);

    ServedVersions(Duck duck, List<FeatureColumn> columns, UserFilter filter) {
        this.duck = duck;
        this.columns = columns;
        this.filter = filter;
    }

    /** @return how many there are */
    long load(Snapshot target, Names names, Epochs epochs, Snapshot.RowCount count) throws SQLException {
        IdType ids = filter.ids();
        duck.run("CREATE TABLE versions (u %s, g INTEGER, v BIGINT, removed BOOLEAN, incomplete BOOLEAN, t BIGINT, %s)"
                .formatted(
                        LabelSql.userType(ids),
                        columns.stream()
                                .map(column -> column.column() + " " + column.type())
                                .collect(joining(", "))));
        List<FeatureDefinition> features =
                columns.stream().map(FeatureColumn::feature).toList();
        return duck.append("versions", appender -> {
            long rows = target.copy(
                    SelectVersions.ofHistory(features, present(target, Names.HISTORY), epochs.generations(), filter),
                    row -> append(row, appender),
                    count);
            for (int generation : epochs.olderThanHistory()) {
                String table = names.table(generation);
                String held = SelectVersions.ofTable(
                        table, generation, epochs.historyFrom(), features, present(target, table), filter);
                rows += target.copy(held, row -> append(row, appender), more -> {});
            }
            return rows;
        });
    }

    private static Set<String> present(Snapshot target, String table) throws SQLException {
        return Set.copyOf(target.list(SelectVersions.columnsOf(table), row -> row.getString(1)));
    }

    private void append(BinaryCopy row, DuckDBAppender appender) throws SQLException {
        appender.beginRow();
        SourceRows.appendUser(row, filter.ids(), appender);
        appender.append(row.int4());
        appender.append(row.int8());
        appender.append(row.bool());
        appender.append(row.bool());
        appender.append(row.time());
        for (FeatureColumn column : columns) {
            if (row.passNull()) {
                appender.appendNull();
            } else if (column.isNumber()) {
                row.numeric(number);
                appender.append(column.text(number.value()));
            } else {
                int value = row.int4();
                boolean isDay = column.aggregate() == Aggregate.LAST_DATE;
                appender.append(isDay ? value + BinaryCopy.EPOCH_DAYS : value);
            }
        }
        appender.endRow();
    }
}
