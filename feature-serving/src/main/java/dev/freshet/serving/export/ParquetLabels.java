package dev.freshet.serving.export;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads labels in Parquet into the table {@code given}, each column in its own type. */
final class ParquetLabels {
    private static final Pattern NESTED = Pattern.compile(".*[\\[\\]].*|(STRUCT|MAP|UNION|LIST).*");

    private static final Pattern NANOSECONDS = Pattern.compile("TimestampType\\(.*NANOS=NanoSeconds.*");

    private ParquetLabels() {}

    /** @throws ExportRefusedException if there are columns that hold more than one value in a row */
    static LabelColumns schema(Duck duck, LabelCopy copy, Path labels) throws SQLException {
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        duck.list("DESCRIBE SELECT * FROM " + read(copy), row -> {
            names.add(row.getString(1));
            return types.add(row.getString(2));
        });
        List<String> nested = IntStream.range(0, names.size())
                .filter(i -> NESTED.matcher(types.get(i)).matches())
                .mapToObj(i -> names.get(i) + " (" + types.get(i) + ")")
                .toList();
        if (!nested.isEmpty()) {
            throw new ExportRefusedException(
                    "--labels " + labels + ": a column may hold one value in a row, but these hold" + " more: "
                            + String.join(", ", nested) + "; leave them out, and join them to the export");
        }
        return new LabelColumns(leaves(duck, copy, types), types);
    }

    /** The names as they are in the file: DuckDB gives another to one that is there twice. Notes in the types what it cuts. */
    private static List<String> leaves(Duck duck, LabelCopy copy, List<String> types) throws SQLException {
        List<String> names = new ArrayList<>();
        String sql = "SELECT name, coalesce(logical_type, '') FROM parquet_schema("
                + SqlText.literal(copy.path().toString()) + ") OFFSET 1";
        duck.list(sql, row -> {
            int column = names.size();
            if (NANOSECONDS.matcher(row.getString(2)).matches() && column < types.size()) {
                types.set(column, types.get(column) + LabelSql.NANOSECONDS);
            }
            return names.add(row.getString(1));
        });
        if (names.size() != types.size()) {
            throw new SQLException("its schema has " + names.size() + " columns, and its rows " + types.size());
        }
        return names;
    }

    static void load(Duck duck, LabelCopy copy, LabelColumns columns) throws SQLException {
        String all = IntStream.range(0, columns.names().size())
                .mapToObj(i -> "c" + i)
                .collect(Collectors.joining(", "));
        duck.run("CREATE TABLE given AS SELECT * FROM " + read(copy) + " AS file(" + all + ")");
    }

    private static String read(LabelCopy copy) {
        return "read_parquet(" + SqlText.literal(copy.path().toString()) + ", hive_partitioning = false)";
    }
}
