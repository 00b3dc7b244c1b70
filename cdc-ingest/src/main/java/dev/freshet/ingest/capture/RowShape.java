package dev.freshet.ingest.capture;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Sees to it that the rows of a table have the columns that are mapped, of the same types all the time. */
final class RowShape {
    private final Mapping.SourceTable table;
    private final List<String> columns;
    private @Nullable Schema seen;
    private Map<String, String> first = Map.of();

    RowShape(Mapping.SourceTable table, List<String> columns) {
        this.table = table;
        this.columns = columns;
    }

    /** @throws TableChangedException if a column is gone, or of another type than in the rows before */
    void check(SourceRecord record, Place place) {
        Schema schema = record.valueSchema();
        if (schema == seen) {
            return; // the engine makes a new one whenever the table may have changed
        }
        Schema row = schema.field("after").schema();
        Map<String, String> types = new HashMap<>();
        for (String column : columns) {
            Field field = row.field(column);
            if (field == null) {
                throw changed(column, "is not there", place);
            }
            String type = field.schema().type() + " " + field.schema().name();
            types.put(column, type);
            if (!type.equals(first.getOrDefault(column, type))) {
                throw changed(column, "was " + first.get(column) + ", is " + type, place);
            }
        }
        first = types;
        seen = schema;
    }

    private TableChangedException changed(String column, String how, Place place) {
        return new TableChangedException(
                "column " + column + " of " + table + " " + how + " at lsn=" + Place.text(place.lsn()));
    }
}
