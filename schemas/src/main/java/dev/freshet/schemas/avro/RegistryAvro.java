package dev.freshet.schemas.avro;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * Values in the Confluent wire format: a zero byte, the schema id in four bytes, Avro binary.
 *
 * <p>{@link #register()} first, outside of any transaction: it asks the registry once, and from then on {@link #encode} and
 * the decoding of what the same schema wrote need it no more. Safe for use by many threads.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format">
 *     Wire format</a>
 */
public final class RegistryAvro<T> {
    private static final byte MAGIC = 0;
    private static final int HEADER = 5;

    private final SchemaRegistryClient registry;
    private final String subject;
    private final AvroCodec<T> codec;
    private final GenericDatumWriter<GenericRecord> writer;
    private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new ConcurrentHashMap<>();
    private volatile int id = -1;

    /**
     * @param subject the subject to register under: by convention the topic's name and "-value"
     */
    public RegistryAvro(SchemaRegistryClient registry, String subject, AvroCodec<T> codec) {
        this.registry = registry;
        this.subject = subject;
        this.codec = codec;
        writer = new GenericDatumWriter<>(codec.schema());
    }

    /**
     * Registers the schema, or finds it registered.
     *
     * @return its id
     * @throws RegistryUnavailableException if the registry gives no answer of its own: try again
     * @throws IncompatibleSchemaException if it refuses the schema
     */
    public int register() {
        try {
            int registered = registry.register(subject, new AvroSchema(codec.schema()));
            readers.put(registered, new GenericDatumReader<>(codec.schema()));
            id = registered;
            return registered;
        } catch (RestClientException e) {
            if (e.getStatus() == 409 || e.getStatus() == 422) {
                throw new IncompatibleSchemaException(
                        "the registry refuses the schema under subject " + subject + ": " + e.getMessage(), e);
            }
            throw new RegistryUnavailableException("cannot register subject " + subject + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new RegistryUnavailableException("cannot register subject " + subject + ": " + e.getMessage(), e);
        }
    }

    /** @throws RegistryUnavailableException if the schema is not registered yet and cannot be now */
    public byte[] encode(T value) {
        int schemaId = id >= 0 ? id : register();
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream(64);
            out.write(MAGIC);
            out.write(schemaId >>> 24);
            out.write(schemaId >>> 16);
            out.write(schemaId >>> 8);
            out.write(schemaId);
            BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
            writer.write(codec.toAvro(value), encoder);
            return out.toByteArray();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /**
     * @throws UndecodableException if these bytes are no such value
     * @throws RegistryUnavailableException if the schema they were written with is not known here and cannot be fetched
     */
    public T decode(byte[] bytes) {
        if (bytes.length < HEADER || bytes[0] != MAGIC) {
            throw new UndecodableException("not in the wire format: " + bytes.length + " bytes"
                    + (bytes.length == 0 ? "" : ", the first is " + bytes[0]));
        }
        GenericDatumReader<GenericRecord> reader = reader(ByteBuffer.wrap(bytes).getInt(1));
        try {
            BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null);
            GenericRecord record = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new UndecodableException(
                        "bytes follow the " + codec.schema().getName());
            }
            return codec.fromAvro(record);
        } catch (IOException
                | AvroRuntimeException
                | IllegalArgumentException
                | IndexOutOfBoundsException
                | ClassCastException e) {
            throw new UndecodableException("not a " + codec.schema().getName() + ": " + e.getMessage(), e);
        }
    }

    private GenericDatumReader<GenericRecord> reader(int writerId) {
        GenericDatumReader<GenericRecord> known = readers.get(writerId);
        return known != null ? known : readers.computeIfAbsent(writerId, this::fetch);
    }

    private GenericDatumReader<GenericRecord> fetch(int writerId) {
        try {
            Schema written = ((AvroSchema) registry.getSchemaById(writerId)).rawSchema();
            if (!written.getFullName().equals(codec.schema().getFullName())) {
                throw new UndecodableException("schema " + writerId + " is a " + written.getFullName() + ", not a "
                        + codec.schema().getFullName());
            }
            return new GenericDatumReader<>(written, codec.schema());
        } catch (IOException | RestClientException e) {
            // An unknown id waits too: a registry that lost its schemas must not turn good records into dead letters.
            throw new RegistryUnavailableException("cannot fetch schema " + writerId + ": " + e.getMessage(), e);
        }
    }
}
