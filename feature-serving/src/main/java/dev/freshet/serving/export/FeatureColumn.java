package dev.freshet.serving.export;

import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.catalogue.Aggregate;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * A feature as a column of one of DuckDB's tables, on its way to the output.
 *
 * @param name in the output
 * @param column in DuckDB, as f0
 */
record FeatureColumn(FeatureDefinition feature, String name, String column, NumberColumn numbers) {

    static FeatureColumn of(FeatureDefinition feature, String name, int number) {
        return new FeatureColumn(feature, name, "f" + number, new NumberColumn(feature.aggregate()));
    }

    Aggregate aggregate() {
        return feature.aggregate();
    }

    boolean isNumber() {
        return aggregate() == Aggregate.SUM || aggregate() == Aggregate.AVG;
    }

    /** What it is until it is written: exact numbers are text, dates are days. */
    String type() {
        return isNumber() ? "VARCHAR" : "INTEGER";
    }

    String text(Numeric number) {
        return numbers.text(number);
    }

    /** Numbers stay text in Parquet if a decimal does not hold them all. */
    boolean isText() {
        return isNumber() && numbers.beyond() > 0;
    }

    /** The value as it is written. */
    String written(String table, FileFormat format) {
        String value = table + "." + column;
        return switch (aggregate()) {
            case COUNT -> value;
            case LAST_DATE -> "DATE '1970-01-01' + " + value;
            case SUM, AVG ->
                isText() || format == FileFormat.CSV ? value : "CAST(" + value + " AS " + numbers.type() + ")";
        };
    }
}
