package dev.freshet.schemas.avro;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;

final class ChangeCodec implements AvroCodec<Change> {
    private final Schema schema;
    private final Map<String, Schema> bodies;
    private final List<String> columns;

    ChangeCodec(Catalogue catalogue) {
        schema = Schemas.change(catalogue);
        bodies = schema.getField("body").schema().getTypes().stream()
                .collect(Collectors.toUnmodifiableMap(Schema::getName, Function.identity()));
        columns = catalogue.columns();
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public GenericRecord toAvro(Change change) {
        GenericRecord record = new GenericData.Record(schema);
        record.put("lsn", change.lsn());
        record.put("source_time", change.sourceTime());
        record.put("body", bodyToAvro(change.body()));
        return record;
    }

    private GenericRecord bodyToAvro(Change.Body body) {
        // A body's Java type and its Avro type have the same simple name.
        GenericRecord record = new GenericData.Record(bodies.get(body.getClass().getSimpleName()));
        if (body instanceof Change.OrderRow order) {
            record.put("created_at", order.createdAt());
            for (int i = 0; i < columns.size(); i++) {
                Numeric value = order.values().get(i);
                record.put(columns.get(i), value == null ? null : value.text());
            }
        } else if (body instanceof Change.RowUnusable unusable) {
            record.put("reason", unusable.reason());
        }
        return record;
    }

    @Override
    public Change fromAvro(GenericRecord record) {
        return new Change((Long) record.get("lsn"), (Long) record.get("source_time"), bodyFromAvro((GenericRecord)
                record.get("body")));
    }

    private Change.Body bodyFromAvro(GenericRecord body) {
        return switch (body.getSchema().getName()) {
            case "UserRow" -> new Change.UserRow();
            case "OrderRow" -> new Change.OrderRow((Long) body.get("created_at"), values(body));
            case "RowDeleted" -> new Change.RowDeleted();
            case "RowUnusable" -> new Change.RowUnusable(body.get("reason").toString());
            case "ControlMark" -> Change.CONTROL;
            default ->
                throw new IllegalArgumentException(
                        "unknown body " + body.getSchema().getName());
        };
    }

    private List<@Nullable Numeric> values(GenericRecord order) {
        List<@Nullable Numeric> values = new ArrayList<>(columns.size());
        for (String column : columns) {
            Object text = order.get(column);
            values.add(text == null ? null : Numeric.parse(text.toString()));
        }
        return values;
    }
}
