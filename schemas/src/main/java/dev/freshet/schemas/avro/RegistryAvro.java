package dev.freshet.schemas.avro;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
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

    /** What a registry's own code for an id that it does not know is or begins with; Confluent's is 40403. */
    private static final int NOT_FOUND = 404;

    private final SchemaRegistryClient registry;
    private final String subject;
    private final AvroCodec<T> codec;
    private final GenericDatumWriter<GenericRecord> writer;
    private final Map<Integer, RecordReader<T>> readers = new ConcurrentHashMap<>();
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
     * @throws RegistryLoginException if it refuses us
     */
    public int register() {
        int registered = ask();
        if (registered <= 0) {
            throw new RegistryUnavailableException("the answer to registering subject " + subject + " has no id", null);
        }
        readers.put(registered, new RecordReader<>(codec.schema(), codec));
        id = registered;
        return registered;
    }

    /**
     * Whether the registry would take the schema; it is not registered.
     *
     * @throws RegistryUnavailableException if the registry gives no answer of its own
     */
    public boolean isCompatible() {
        try {
            return registry.testCompatibility(subject, new AvroSchema(codec.schema()));
        } catch (RestClientException e) {
            if (e.getStatus() == NOT_FOUND) {
                return true; // there is no such subject yet
            }
            throw new RegistryUnavailableException("cannot ask for subject " + subject + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            throw new RegistryUnavailableException("cannot ask for subject " + subject + ": " + e.getMessage(), e);
        }
    }

    private int ask() {
        try {
            return registry.register(subject, new AvroSchema(codec.schema()));
        } catch (RestClientException e) {
            if (e.getStatus() == 409 || e.getStatus() == 422) {
                throw new IncompatibleSchemaException(
                        "the registry refuses the schema under subject " + subject + ": " + e.getMessage(), e);
            }
            if (e.getStatus() == 401 || e.getStatus() == 403) {
                throw new RegistryLoginException(
                        "the registry answers " + e.getStatus() + " to registering subject " + subject + ": "
                                + e.getMessage(),
                        e);
            }
            throw new RegistryUnavailableException("cannot register subject " + subject + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            // The client throws whatever comes of it at an answer that is none.
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

    /** Whether to decode these asks the registry nothing. */
    public boolean isSettled(byte[] bytes) {
        return bytes.length < HEADER
                || bytes[0] != MAGIC
                || schemaId(bytes) <= 0
                || readers.containsKey(schemaId(bytes));
    }

    /** Which schema wrote these, which are in the wire format. */
    public static int schemaId(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getInt(1);
    }

    /**
     * @throws UndecodableException if these bytes are no such value
     * @throws UnknownSchemaException if the registry says that there is no such schema
     * @throws RegistryUnavailableException if the schema they were written with is not known here and cannot be fetched
     */
    public T decode(byte[] bytes) {
        if (bytes.length < HEADER || bytes[0] != MAGIC) {
            throw new UndecodableException("not in the wire format: " + bytes.length + " bytes"
                    + (bytes.length == 0 ? "" : ", the first is " + bytes[0]));
        }
        int writerId = schemaId(bytes);
        if (writerId <= 0) {
            throw new UndecodableException("schema id " + writerId + ", which no registry gives");
        }
        return reader(writerId).read(bytes, HEADER);
    }

    private RecordReader<T> reader(int writerId) {
        RecordReader<T> known = readers.get(writerId);
        return known != null ? known : readers.computeIfAbsent(writerId, this::fetch);
    }

    private RecordReader<T> fetch(int writerId) {
        try {
            if (!(registry.getSchemaById(writerId) instanceof AvroSchema written)) {
                throw new UndecodableException("schema " + writerId + " is not an Avro schema");
            }
            Schema schema = written.rawSchema();
            if (schema == null) {
                throw new RegistryUnavailableException("the answer for schema " + writerId + " has none", null);
            }
            return new RecordReader<>(schema, codec);
        } catch (UndecodableException | RegistryUnavailableException e) {
            throw e;
        } catch (RestClientException e) {
            if (e.getErrorCode() == NOT_FOUND || e.getErrorCode() / 100 == NOT_FOUND) {
                throw new UnknownSchemaException(writerId, e);
            }
            throw new RegistryUnavailableException("cannot fetch schema " + writerId + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            // Whatever it sent instead of a schema, the bytes are not to blame.
            throw new RegistryUnavailableException("cannot fetch schema " + writerId + ": " + e.getMessage(), e);
        }
    }
}
