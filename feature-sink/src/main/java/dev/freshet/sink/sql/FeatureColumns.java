package dev.freshet.sink.sql;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.freshet.runtime.config.IdType;
import dev.freshet.schemas.catalogue.Aggregate;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/** The columns that a features table and its history share, in their order, with their types. */
public final class FeatureColumns {

    /** A column; the name is quoted where it is a feature's, which may be a word of SQL. */
    record Column(String name, String type, boolean nullable) {
        String ddl() {
            return name + " " + type + (nullable ? "" : " NOT NULL");
        }

        /** Counts travel as bigint, so that one beyond int is the target's error, of that row, and not ours. */
        String arrayType() {
            return type.equals("int") ? "bigint" : type;
        }
    }

    private final UserColumn user;
    private final List<Column> features;
    private final List<Column> all;

    /** @param userId the type of the users' ids */
    public FeatureColumns(Catalogue catalogue, IdType userId) {
        user = new UserColumn(userId);
        features = catalogue.features().stream().map(FeatureColumns::column).toList();
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("user_id", user.sqlType(), false));
        columns.addAll(features);
        columns.add(new Column("computed_at", "timestamptz", false));
        columns.add(new Column("exact_until", "timestamptz", true));
        columns.add(new Column("incomplete", "boolean", false));
        columns.add(new Column("version", "bigint", false));
        all = List.copyOf(columns);
    }

    private static Column column(FeatureDefinition feature) {
        return new Column('"' + feature.name() + '"', type(feature.aggregate()), true);
    }

    /** The SQL type of an aggregate's value. */
    static String type(Aggregate aggregate) {
        return switch (aggregate) {
            case COUNT -> "int";
            case SUM, AVG -> "numeric";
            case LAST_DATE -> "date";
        };
    }

    UserColumn user() {
        return user;
    }

    List<Column> all() {
        return all;
    }

    List<Column> features() {
        return features;
    }

    /** The names, as {@code a, b, c}. */
    String names() {
        return each(Column::name, ", ");
    }

    String each(Function<Column, String> text, String separator) {
        return all.stream().map(text).collect(joining(separator));
    }
}
