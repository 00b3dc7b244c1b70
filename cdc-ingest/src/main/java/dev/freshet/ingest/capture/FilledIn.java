package dev.freshet.ingest.capture;

import java.util.List;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Whether values of an old row may be Debezium's own: of a column that is not in the WAL it makes NULL, or where that may not be,
 * the column's DEFAULT or its type's zero. Somebody's row can have these values too.
 */
final class FilledIn {
    private static final String EPOCH = "1970-01-01T00:00:00";

    private FilledIn() {}

    /** Whether all of these may be. */
    static boolean all(Struct row, List<String> columns) {
        return columns.stream().allMatch(column -> {
            Object value = row.getWithoutDefault(column);
            return isZeroInText(value) || Boolean.FALSE.equals(value) || id(row, column);
        });
    }

    /** Whether that of a column of ids may be. */
    static boolean id(Struct row, String column) {
        Object value = row.getWithoutDefault(column);
        return value == null
                || value.equals("")
                || (value instanceof Number number && number.longValue() == 0)
                || value.equals(row.schema().field(column).schema().defaultValue());
    }

    /** Decimals and times come as texts. */
    private static boolean isZeroInText(@Nullable Object value) {
        return value instanceof String text && (text.equals("0") || text.startsWith(EPOCH));
    }
}
