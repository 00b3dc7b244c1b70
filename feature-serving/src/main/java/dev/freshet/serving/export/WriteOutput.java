package dev.freshet.serving.export;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes the labels as they came, with the features behind them, in the labels' order. By one thread and in groups of rows of a fixed
 * size: equal rows give equal bytes.
 */
final class WriteOutput {
    private static final int ROWS_IN_GROUP = 122_880;

    private final LabelColumns labels;
    private final List<FeatureColumn> event;
    private final List<FeatureColumn> served;

    WriteOutput(LabelColumns labels, List<FeatureColumn> event, List<FeatureColumn> served) {
        this.labels = labels;
        this.event = event;
        this.served = served;
    }

    void run(Duck duck, Path file, FileFormat format) throws SQLException {
        duck.run("SET threads = 1");
        duck.run("COPY (" + select(format) + ") TO " + SqlText.literal(file.toString()) + options(format));
    }

    private static String options(FileFormat format) {
        return switch (format) {
            case CSV -> " (FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '')";
            case PARQUET -> " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE " + ROWS_IN_GROUP + ")";
        };
    }

    private String select(FileFormat format) {
        List<String> columns = new ArrayList<>();
        IntStream.range(0, labels.names().size())
                .mapToObj(i -> "g.c" + i + " AS " + SqlText.name(labels.names().get(i)))
                .forEach(columns::add);
        add(columns, "e", event, format);
        add(columns, "s", served, format);
        return "SELECT " + String.join(", ", columns) + " FROM given AS g"
                + (event.isEmpty() ? "" : " LEFT JOIN event AS e ON e.r = g.rowid")
                + (served.isEmpty() ? "" : " LEFT JOIN served AS s ON s.r = g.rowid") + " ORDER BY g.rowid";
    }

    private static void add(List<String> columns, String table, List<FeatureColumn> features, FileFormat format) {
        for (FeatureColumn feature : features) {
            columns.add(feature.written(table, format) + " AS " + SqlText.name(feature.name()));
        }
    }

    /** The columns with their types as they are in the file, as {@code name TYPE}. */
    List<String> columns(Duck duck, FileFormat format) throws SQLException {
        return duck.list("DESCRIBE " + select(format), row -> row.getString(1) + " " + row.getString(2));
    }
}
