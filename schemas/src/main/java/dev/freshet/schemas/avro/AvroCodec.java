package dev.freshet.schemas.avro;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** Translates between a domain type and its Avro record. Pure; rejects what the domain type cannot hold. */
public interface AvroCodec<T> {

    /** The schema that {@link #toAvro} writes and {@link #fromAvro} reads. */
    Schema schema();

    GenericRecord toAvro(T value);

    /**
     * @param record a record of {@link #schema()}, resolved from whatever schema it was written with
     * @throws IllegalArgumentException if a value is outside the domain
     */
    T fromAvro(GenericRecord record);
}
