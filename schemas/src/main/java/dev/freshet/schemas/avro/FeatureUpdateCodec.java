package dev.freshet.schemas.avro;

import java.time.LocalDate;
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
import dev.freshet.schemas.catalogue.FeatureDefinition;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.feature.FeatureValue;

final class FeatureUpdateCodec implements AvroCodec<FeatureUpdate> {
    private final Schema schema;
    private final Map<String, Schema> bodies;
    private final List<FeatureDefinition> features;

    FeatureUpdateCodec(Catalogue catalogue) {
        schema = Schemas.featureUpdate(catalogue);
        bodies = schema.getField("body").schema().getTypes().stream()
                .collect(Collectors.toUnmodifiableMap(Schema::getName, Function.identity()));
        features = catalogue.features();
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public GenericRecord toAvro(FeatureUpdate update) {
        GenericRecord record = new GenericData.Record(schema);
        record.put("version", update.version());
        record.put("computed_at", update.computedAt());
        record.put("body", bodyToAvro(update));
        return record;
    }

    private GenericRecord bodyToAvro(FeatureUpdate update) {
        if (update instanceof FeatureUpdate.Row row) {
            GenericRecord body = new GenericData.Record(bodies.get("Features"));
            body.put("exact_until", row.exactUntil());
            body.put("incomplete", row.incomplete());
            for (int i = 0; i < features.size(); i++) {
                body.put(features.get(i).name(), valueToAvro(row.values().get(i)));
            }
            return body;
        }
        if (update instanceof FeatureUpdate.Watermark watermark) {
            GenericRecord body = new GenericData.Record(bodies.get("Watermark"));
            body.put("lsn", watermark.lsn());
            return body;
        }
        return new GenericData.Record(bodies.get("UserRemoved"));
    }

    private static @Nullable Object valueToAvro(@Nullable FeatureValue value) {
        if (value instanceof FeatureValue.Count count) {
            return count.value();
        }
        if (value instanceof FeatureValue.Amount amount) {
            return amount.value().text();
        }
        return value instanceof FeatureValue.Day day
                ? (Integer) Math.toIntExact(day.value().toEpochDay())
                : null;
    }

    @Override
    public FeatureUpdate fromAvro(GenericRecord record) {
        long version = (Long) record.get("version");
        long computedAt = (Long) record.get("computed_at");
        GenericRecord body = (GenericRecord) record.get("body");
        return switch (body.getSchema().getName()) {
            case "Features" ->
                new FeatureUpdate.Row(
                        version,
                        computedAt,
                        (Long) body.get("exact_until"),
                        (Boolean) body.get("incomplete"),
                        values(body));
            case "UserRemoved" -> new FeatureUpdate.Removal(version, computedAt);
            case "Watermark" -> new FeatureUpdate.Watermark(version, computedAt, (Long) body.get("lsn"));
            default ->
                throw new IllegalArgumentException(
                        "unknown body " + body.getSchema().getName());
        };
    }

    private List<@Nullable FeatureValue> values(GenericRecord body) {
        List<@Nullable FeatureValue> values = new ArrayList<>(features.size());
        for (FeatureDefinition feature : features) {
            Object value = body.get(feature.name());
            values.add(value == null ? null : valueFromAvro(feature, value));
        }
        return values;
    }

    private static FeatureValue valueFromAvro(FeatureDefinition feature, Object value) {
        return switch (feature.aggregate()) {
            case COUNT -> new FeatureValue.Count((Long) value);
            case SUM, AVG -> new FeatureValue.Amount(Numeric.parse(value.toString(), 2 * Numeric.MAX_DIGITS));
            case LAST_DATE -> new FeatureValue.Day(LocalDate.ofEpochDay((Integer) value));
        };
    }
}
