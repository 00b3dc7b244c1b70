package dev.freshet.schemas.avro;

import java.util.List;
import org.apache.avro.Schema;

/** Which schemas of a registry bytes may be read by: such as ours are, so that reading ends soon whatever the bytes say. */
final class WriterSchemas {
    private static final int MAX_TYPES = 500;
    private static final int MAX_DEPTH = 16;

    private WriterSchemas() {}

    /** @throws UndecodableException if it is none */
    static void require(Schema written, Schema expected) {
        if (!written.getFullName().equals(expected.getFullName())) {
            throw new UndecodableException(
                    "the schema is of a " + written.getFullName() + ", not of a " + expected.getFullName());
        }
        count(written, 0, 0);
    }

    /** Named types are counted wherever they are used: those that hold themselves have no end, and are refused. */
    private static int count(Schema schema, int depth, int before) {
        int types = before + 1;
        if (depth > MAX_DEPTH || types > MAX_TYPES) {
            throw new UndecodableException("the schema has more than " + MAX_TYPES + " types, or is deeper than "
                    + MAX_DEPTH + ", or holds itself");
        }
        for (Schema part : parts(schema)) {
            types = count(part, depth + 1, types);
        }
        return types;
    }

    private static List<Schema> parts(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> schema.getFields().stream().map(Schema.Field::schema).toList();
            case UNION -> schema.getTypes();
            case ARRAY, MAP ->
                throw new UndecodableException("the schema has an array or a map, which no value of Freshet has");
            default -> List.of();
        };
    }
}
