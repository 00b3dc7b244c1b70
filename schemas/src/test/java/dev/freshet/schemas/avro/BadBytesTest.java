package dev.freshet.schemas.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;

/** Bytes and schemas that nothing of ours has written. */
class BadBytesTest {
    private static final Duration LIMIT = Duration.ofMillis(100);
    private static final long MAX_ALLOCATED = 4 << 20;

    private boolean isAway;
    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient() {
        @Override
        public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
            if (isAway) {
                throw new RestClientException("restarting", 503, 50_301);
            }
            try {
                return super.getSchemaById(id);
            } catch (IOException e) {
                throw new RestClientException("Schema " + id + " not found", 404, 40_403); // as a real one says it
            }
        }
    };
    private final RegistryAvro<Change> changes =
            new RegistryAvro<>(registry, "changes-value", FreshetAvro.changes(Catalogue.standard()));
    private final PlainAvro<ChangeKey> keys = FreshetAvro.changeKeys();
    private final byte[] good = changes.encode(new Change(1, 2, new Change.RowUnusable("a reason")));

    /** What it is refused with, soon and without much memory. */
    private static Throwable refusal(Runnable decoding) {
        Throwable first = catchThrowable(decoding::run); // what is loaded once is not to count
        assertThat(first).isNotNull();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long cpu = threads.getCurrentThreadCpuTime();
        Throwable refusal = catchThrowable(decoding::run);
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - cpu)).isLessThan(LIMIT);
        assertThat(threads.getCurrentThreadAllocatedBytes() - allocated).isLessThan(MAX_ALLOCATED);
        return refusal;
    }

    private void assertUndecodable(byte[] bytes) {
        assertThat(refusal(() -> changes.decode(bytes))).isInstanceOf(UndecodableException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {Integer.MAX_VALUE, Integer.MAX_VALUE - 8, 1L << 31, 1L << 40, -1, Long.MIN_VALUE, 10})
    void aLengthThatIsNotThereIsRefusedBeforeAnythingIsAllocated(long length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(good, 0, 5);
        BinaryEncoder avro = EncoderFactory.get().directBinaryEncoder(out, null);
        avro.writeLong(1);
        avro.writeLong(2);
        avro.writeIndex(3); // RowUnusable, whose reason is a string
        avro.writeLong(length);
        avro.flush();
        assertUndecodable(out.toByteArray());

        out.reset();
        avro.writeIndex(0); // a row, of table 0, with a text as user's id
        avro.writeEnum(0);
        avro.writeIndex(1);
        avro.writeLong(length);
        avro.flush();
        assertThat(refusal(() -> keys.decode(out.toByteArray()))).isInstanceOf(UndecodableException.class);
    }

    @Test
    void everyBeginningOfAValueAndEverythingBehindOneIsRefused() {
        byte[] key = keys.encode(ChangeKey.order(Id.of("a"), Id.of(8)));
        for (int length = 0; length < good.length; length++) {
            assertUndecodable(Arrays.copyOf(good, length));
        }
        for (int length = 0; length < key.length; length++) {
            byte[] part = Arrays.copyOf(key, length);
            assertThatThrownBy(() -> keys.decode(part)).isInstanceOf(UndecodableException.class);
        }
        assertUndecodable(Arrays.copyOf(good, good.length + 1));
        assertThatThrownBy(() -> keys.decode(Arrays.copyOf(key, key.length + 1)))
                .isInstanceOf(UndecodableException.class);
    }

    @Test
    void randomBytesAreAValueOrRefused() {
        SplittableRandom random = new SplittableRandom(17);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            assertValueOrUndecodable(() -> keys.decode(bytes));
            System.arraycopy(good, 0, bytes, 0, Math.min(5, bytes.length));
            assertValueOrUndecodable(() -> changes.decode(bytes));
        }
    }

    private static void assertValueOrUndecodable(Runnable decoding) {
        Throwable refusal = catchThrowable(decoding::run);
        if (refusal != null) {
            assertThat(refusal).isInstanceOf(UndecodableException.class);
        }
    }

    @Test
    void aBranchOrASymbolThatIsNotInTheSchemaIsRefused() throws IOException {
        for (int branch : new int[] {-1, 5, 99, Integer.MAX_VALUE}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(good, 0, 5);
            BinaryEncoder avro = EncoderFactory.get().directBinaryEncoder(out, null);
            avro.writeLong(1);
            avro.writeLong(2);
            avro.writeIndex(branch);
            avro.flush();
            assertUndecodable(out.toByteArray());
            assertThatThrownBy(() -> keys.decode(new byte[] {2, 126})).isInstanceOf(UndecodableException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 0})
    void anIdThatNoRegistryGivesIsRefusedWithoutAskingOne(int id) {
        byte[] bytes = good.clone();
        ByteBuffer.wrap(bytes).putInt(1, id);
        assertUndecodable(bytes);
    }

    @Test
    void anIdThatTheRegistryDoesNotKnowIsWaitedForAndThenADeadLetter() {
        byte[] bytes = good.clone();
        ByteBuffer.wrap(bytes).putInt(1, 4_711);
        AtomicLong nanos = new AtomicLong(-5);
        SchemaPatience patience = new SchemaPatience(nanos::get);
        for (long passed : new long[] {0, SchemaPatience.LENGTH.toNanos() - 1}) {
            nanos.set(passed - 5);
            assertThat(catchThrowable(() -> patience.decode(changes, bytes)))
                    .isInstanceOf(UnknownSchemaException.class);
        }
        nanos.set(SchemaPatience.LENGTH.toNanos() - 5);
        assertThatThrownBy(() -> patience.decode(changes, bytes))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("4711");
        assertThat(patience.decode(changes, good)).isEqualTo(changes.decode(good));
    }

    /** Whoever restores a registry may stop it first. */
    @Test
    void anOutageBeginsTheWaitingAnew() {
        byte[] bytes = good.clone();
        ByteBuffer.wrap(bytes).putInt(1, 4_711);
        AtomicLong nanos = new AtomicLong();
        SchemaPatience patience = new SchemaPatience(nanos::get);
        assertThatThrownBy(() -> patience.decode(changes, bytes)).isInstanceOf(UnknownSchemaException.class);
        nanos.set(SchemaPatience.LENGTH.toNanos());
        isAway = true;
        assertThatThrownBy(() -> patience.decode(changes, bytes))
                .isInstanceOf(RegistryUnavailableException.class)
                .isNotInstanceOf(UnknownSchemaException.class);
        isAway = false;
        assertThatThrownBy(() -> patience.decode(changes, bytes)).isInstanceOf(UnknownSchemaException.class);
    }

    private byte[] writtenWith(Schema schema) throws Exception {
        int id = registry.register("foreign", new AvroSchema(schema));
        return ByteBuffer.allocate(12).put((byte) 0).putInt(id).array();
    }

    @Test
    void aSchemaWithoutOurFieldsIsRefused() throws Exception {
        assertUndecodable(writtenWith(SchemaBuilder.record("dev.freshet.Change")
                .fields()
                .requiredLong("lsn")
                .endRecord()));
    }

    /** A good value behind a field that its reader passes over, in a schema of ours with that field. */
    private byte[] behind(Schema bait, byte[] baitBytes) throws Exception {
        return behind(List.of(new Schema.Field("bait", bait)), baitBytes);
    }

    private byte[] behind(List<Schema.Field> baits, byte[] baitBytes) throws Exception {
        return behind("dev.freshet.Change", baits, baitBytes);
    }

    private byte[] behind(String record, List<Schema.Field> baits, byte[] baitBytes) throws Exception {
        Schema ours = FreshetAvro.changes(Catalogue.standard()).schema();
        List<Schema.Field> fields = new ArrayList<>(baits);
        ours.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
        int id = registry.register("foreign", new AvroSchema(Schema.createRecord(record, null, null, false, fields)));
        return ByteBuffer.allocate(good.length + baitBytes.length)
                .put((byte) 0)
                .putInt(id)
                .put(baitBytes)
                .put(good, 5, good.length - 5)
                .array();
    }

    @Test
    void aRecordOfAnotherNameIsRefusedHoweverMuchItIsLikeOurs() throws Exception {
        for (String name : new String[] {"dev.freshet.Other", "other.Change"}) {
            byte[] bytes = behind(name, List.of(), new byte[0]);
            assertUndecodable(bytes);
            assertThatThrownBy(() -> changes.decode(bytes)).hasMessageContaining("the schema is of a " + name);
        }
        assertThat(changes.decode(behind(List.of(), new byte[0]))).isEqualTo(changes.decode(good));
    }

    @Test
    void aFieldThatIsNotOursIsPassedOver() throws Exception {
        assertThat(changes.decode(behind(Schema.create(Schema.Type.LONG), new byte[] {4})))
                .isEqualTo(changes.decode(good));
    }

    @Test
    void aSchemaThatHoldsItselfIsRefused() throws Exception {
        Schema node = Schema.createRecord("Node", null, "foreign", false);
        Schema next = Schema.createUnion(node, Schema.create(Schema.Type.NULL));
        node.setFields(List.of(new Schema.Field("next", next)));
        byte[] deep = new byte[100_001]; // a level for each but the last
        deep[100_000] = 2;
        assertUndecodable(behind(node, deep));
        assertUndecodable(behind(node, new byte[] {0, 2}));
    }

    @Test
    @Timeout(10)
    void aSchemaWithACollectionIsRefused() throws Exception {
        Schema nulls = Schema.createArray(Schema.create(Schema.Type.NULL));
        ByteArrayOutputStream bait = new ByteArrayOutputStream();
        BinaryEncoder avro = EncoderFactory.get().directBinaryEncoder(bait, null);
        avro.writeLong(1L << 31); // each of them takes no byte
        avro.writeLong(0);
        avro.flush();
        assertUndecodable(behind(nulls, bait.toByteArray()));
        assertUndecodable(behind(Schema.createMap(Schema.create(Schema.Type.NULL)), new byte[] {0}));
    }

    @Test
    void aSchemaOfFiveThousandFieldsIsRefused() throws Exception {
        List<Schema.Field> fields = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            fields.add(new Schema.Field("f" + i, Schema.create(Schema.Type.LONG)));
        }
        assertUndecodable(behind(fields, new byte[5_000]));
    }

    /** Must never be initialized. */
    static final class Bait {
        static {
            System.setProperty("freshet.bait", "taken");
        }

        Bait(String text) {}
    }

    @Test
    @Timeout(10)
    void aClassThatASchemaNamesIsNotLoaded() throws Exception {
        String text = FreshetAvro.changes(Catalogue.standard()).schema().toString();
        String named = text.replace(
                "{\"name\":\"reason\",\"type\":\"string\"",
                "{\"name\":\"reason\",\"type\":{\"type\":\"string\",\"java-class\":\"" + Bait.class.getName()
                        + "\",\"java-key-class\":\"" + Bait.class.getName() + "\"}");
        assertThat(named).contains("java-class");
        int id = registry.register("foreign", new AvroSchema(named));
        byte[] bytes = good.clone();
        ByteBuffer.wrap(bytes).putInt(1, id);
        assertThat(changes.decode(bytes)).isEqualTo(new Change(1, 2, new Change.RowUnusable("a reason")));
        assertThat(System.getProperty("freshet.bait")).isNull();
    }
}
