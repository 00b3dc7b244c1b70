package dev.freshet.schemas.avro;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Avro binary without a schema id, for keys: equal keys are equal bytes for ever, whatever ids a registry hands out. The
 * schema of a key is fixed for the life of a topic. Safe for use by many threads.
 */
public final class PlainAvro<T> {
    private final AvroCodec<T> codec;
    private final GenericDatumWriter<GenericRecord> writer;
    private final RecordReader<T> reader;

    PlainAvro(AvroCodec<T> codec) {
        this.codec = codec;
        writer = new GenericDatumWriter<>(codec.schema());
        reader = new RecordReader<>(codec.schema(), codec);
    }

    public byte[] encode(T value) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream(32);
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            writer.write(codec.toAvro(value), encoder);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws UndecodableException if these are not the bytes of such a value, and of nothing more */
    public T decode(byte[] bytes) {
        return reader.read(bytes, 0);
    }
}
