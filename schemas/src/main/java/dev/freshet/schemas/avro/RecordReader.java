package dev.freshet.schemas.avro;

import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** Reads the values of a codec from Avro binary that one schema wrote, whatever the bytes are. */
final class RecordReader<T> {
    private final AvroCodec<T> codec;
    private final GenericDatumReader<GenericRecord> reader;

    /** @throws UndecodableException if the schema is not one that bytes of unknown origin may be read by */
    RecordReader(Schema written, AvroCodec<T> codec) {
        WriterSchemas.require(written, codec.schema());
        this.codec = codec;
        reader = new GenericDatumReader<>(written, codec.schema());
    }

    /**
     * @param from index of the first byte of the value, which all that follow belong to
     * @throws UndecodableException if they are no such value, or one and something more
     */
    T read(byte[] bytes, int from) {
        try {
            BoundedDecoder decoder = new BoundedDecoder(bytes, from);
            GenericRecord record = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new UndecodableException(
                        "bytes follow the " + codec.schema().getName());
            }
            return codec.fromAvro(record);
        } catch (UndecodableException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Avro has no common type for what it throws at bytes that were not written by it.
            throw new UndecodableException("not a " + codec.schema().getName() + ": " + e.getMessage(), e);
        }
    }
}
