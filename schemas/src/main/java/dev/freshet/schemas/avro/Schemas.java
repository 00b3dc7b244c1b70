package dev.freshet.schemas.avro;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/** The Avro schemas: those in {@code /avro/*.avsc}, completed with the fields that a catalogue asks for. */
final class Schemas {
    private static final String NAMESPACE = "dev.freshet";

    private Schemas() {}

    static Schema load(String name) {
        try (InputStream in = Schemas.class.getResourceAsStream("/avro/" + name + ".avsc")) {
            if (in == null) {
                throw new IllegalStateException("no schema /avro/" + name + ".avsc on the class path");
            }
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read schema " + name, e);
        }
    }

    /** The change log's value: an order row has a decimal text for each column of the catalogue. */
    static Schema change(Catalogue catalogue) {
        List<Schema.Field> columns = catalogue.columns().stream()
                .map(column -> nullable(
                        column,
                        Schema.create(Schema.Type.STRING),
                        "The order's " + column + ": an exact decimal as text, or NaN, Infinity, -Infinity."))
                .toList();
        return withFields(load("change"), "OrderRow", columns);
    }

    /** The features topic's value: a field for each feature of the catalogue. */
    static Schema featureUpdate(Catalogue catalogue) {
        List<Schema.Field> features =
                catalogue.features().stream().map(Schemas::featureField).toList();
        return withFields(load("feature-update"), "Features", features);
    }

    private static Schema.Field featureField(FeatureDefinition feature) {
        String over = feature.column() == null ? "orders" : feature.column();
        String window = feature.window() == null ? "the whole past" : "a window of " + feature.window();
        return switch (feature.aggregate()) {
            case COUNT ->
                new Schema.Field(
                        feature.name(), Schema.create(Schema.Type.LONG), "The number of orders in " + window + ".", 0L);
            case SUM ->
                nullable(
                        feature.name(),
                        Schema.create(Schema.Type.STRING),
                        "The exact sum of " + over + " over " + window + ", as decimal text; null when none.");
            case AVG ->
                nullable(
                        feature.name(),
                        Schema.create(Schema.Type.STRING),
                        "The mean of " + over + " over " + window
                                + ", rounded to 4 places, as decimal text; null when none.");
            case LAST_DATE ->
                nullable(
                        feature.name(),
                        LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT)),
                        "The UTC date of the newest order in " + window + "; null when none.");
        };
    }

    private static Schema.Field nullable(String name, Schema type, String doc) {
        Schema union = Schema.createUnion(Schema.create(Schema.Type.NULL), type);
        return new Schema.Field(name, union, doc, JsonProperties.NULL_VALUE);
    }

    /** A copy of {@code envelope} whose {@code body} branch {@code branch} has the further fields. */
    private static Schema withFields(Schema envelope, String branch, List<Schema.Field> further) {
        List<Schema> branches = new ArrayList<>();
        for (Schema body : envelope.getField("body").schema().getTypes()) {
            branches.add(body.getName().equals(branch) ? extended(body, further) : body);
        }
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : envelope.getFields()) {
            Schema type = field.name().equals("body") ? Schema.createUnion(branches) : field.schema();
            fields.add(new Schema.Field(field, type));
        }
        return Schema.createRecord(envelope.getName(), envelope.getDoc(), NAMESPACE, false, fields);
    }

    private static Schema extended(Schema record, List<Schema.Field> further) {
        List<Schema.Field> fields = new ArrayList<>();
        record.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        fields.addAll(further);
        return Schema.createRecord(record.getName(), record.getDoc(), NAMESPACE, false, fields);
    }
}
