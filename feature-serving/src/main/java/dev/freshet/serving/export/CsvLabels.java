package dev.freshet.serving.export;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads labels in CSV into the table {@code given}: every cell as the text that it is. */
final class CsvLabels {
    private CsvLabels() {}

    static LabelColumns header(LabelCopy copy, Path labels) throws IOException {
        List<String> names = CsvHeader.read(copy.path(), labels);
        return new LabelColumns(names, Collections.nCopies(names.size(), "VARCHAR"));
    }

    static void load(Duck duck, LabelCopy copy, LabelColumns columns) throws SQLException {
        duck.run(sql(copy.path(), columns.names().size()));
    }

    /** A cell without quotes that is empty is NULL, so that it is written as it came, and "" is not. */
    static String sql(Path copy, int columns) {
        String all = IntStream.range(0, columns)
                .mapToObj(i -> "c" + i + ": 'VARCHAR'")
                .collect(Collectors.joining(", ", "{", "}"));
        return """
                CREATE TABLE given AS SELECT * FROM read_csv(%s, auto_detect = false, header = true, delim = ',',
                    quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, strict_mode = true,
                    null_padding = false, hive_partitioning = false, ignore_errors = false, max_line_size = %d, columns = %s)""".formatted(SqlText.literal(copy.toString()), CsvText.LONGEST_LINE + 2, all);
    }
}
