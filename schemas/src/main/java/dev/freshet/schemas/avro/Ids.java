package dev.freshet.schemas.avro;

import dev.freshet.schemas.Id;

/** Ids as the Avro union of long and string. */
final class Ids {
    private Ids() {}

    static Object toAvro(Id id) {
        return id instanceof Id.OfLong number ? (Object) number.value() : id.toString();
    }

    static Id fromAvro(Object id) {
        return id instanceof Long number ? Id.of(number) : Id.of(id.toString());
    }
}
