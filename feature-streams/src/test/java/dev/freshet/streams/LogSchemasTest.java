package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.avro.SchemaPatience;
import dev.freshet.schemas.avro.UndecodableException;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;

/** An entry comes to its task when it is settled what it is, and nobody waits for that with a transaction open. */
@Timeout(30)
class LogSchemasTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    private final AdvancedTime time = new AdvancedTime();
    private final CountDownLatch answer = new CountDownLatch(1);
    private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient() {
        @Override
        public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
            try {
                answer.await();
                return super.getSchemaById(id);
            } catch (IOException | InterruptedException e) {
                throw new RestClientException("Schema " + id + " not found", 404, 40_403); // as a real one says it
            }
        }
    };
    private final RegistryAvro<Change> codec =
            new RegistryAvro<>(registry, "changes-value", FreshetAvro.changes(Catalogue.standard()));
    private final LogSchemas schemas = new LogSchemas(codec, time);
    private final byte[] known = codec.encode(new Change(1, 2, Change.CONTROL));

    private byte[] writtenBy(int id) {
        byte[] bytes = known.clone();
        ByteBuffer.wrap(bytes).putInt(1, id);
        return bytes;
    }

    @Test
    void whatNeedsNoRegistryIsSettled() {
        assertThat(schemas.isSettled(null)).isTrue();
        assertThat(schemas.isSettled(known)).isTrue();
        assertThat(schemas.isSettled(new byte[] {9})).isTrue();
    }

    /** This one does not answer before the test lets it. */
    @Test
    void whatIsNotIsAskedWithoutWaiting() throws Exception {
        int id = registry.register("another", new AvroSchema(anotherSchema()));
        byte[] value = writtenBy(id);
        assertThat(schemas.isSettled(value)).isFalse();
        assertThat(schemas.isSettled(value)).isFalse();
        answer.countDown();
        await("answer").atMost(PATIENCE).until(() -> schemas.isSettled(value));
        assertThat(schemas.decode(value)).isEqualTo(new Change(1, 2, Change.CONTROL));
    }

    private static Schema anotherSchema() {
        Schema other = new Schema.Parser()
                .parse(FreshetAvro.changes(Catalogue.standard()).schema().toString());
        other.addProp("of", "another");
        return other;
    }

    @Test
    void anUnknownOneIsSettledWhenItWasUnknownForLongEnough() {
        answer.countDown();
        byte[] value = writtenBy(4_711);
        await("first answer").during(A_MOMENT).atMost(PATIENCE).until(() -> !schemas.isSettled(value));
        time.advance(SchemaPatience.LENGTH);
        await("given up").atMost(PATIENCE).until(() -> schemas.isSettled(value));
        assertThatThrownBy(() -> schemas.decode(value))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("4711");
    }

    @Test
    void entriesAreHandedOutUpToTheFirstThatIsNotSettled() {
        TopicPartition held = new TopicPartition("changes", 0);
        TopicPartition other = new TopicPartition("changes", 1);
        byte[] unsettled = {1};
        ConsumerRecords<byte[], byte[]> fetched = records(
                Map.of(held, List.of(new byte[0], unsettled, new byte[0]), other, List.of(new byte[0], new byte[0])));
        Map<TopicPartition, Long> sought = new HashMap<>();

        ConsumerRecords<byte[], byte[]> settled =
                SettledConsumer.settled(fetched, value -> value.length == 0, sought::put);

        assertThat(settled.records(held)).extracting(ConsumerRecord::offset).containsExactly(10L);
        assertThat(settled.records(other)).extracting(ConsumerRecord::offset).containsExactly(10L, 11L);
        assertThat(sought).containsOnly(Map.entry(held, 11L));
        assertThat(settled.nextOffsets().get(held).offset()).isEqualTo(11);
        assertThat(settled.nextOffsets().get(other).offset()).isEqualTo(12);
        assertThat(SettledConsumer.settled(fetched, value -> true, sought::put)).isSameAs(fetched);
    }

    private static ConsumerRecords<byte[], byte[]> records(Map<TopicPartition, List<byte[]>> values) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        values.forEach((partition, each) -> {
            List<ConsumerRecord<byte[], byte[]>> entries = new ArrayList<>();
            each.forEach(value -> entries.add(new ConsumerRecord<>(
                    partition.topic(), partition.partition(), 10 + entries.size(), new byte[0], value)));
            records.put(partition, entries);
            next.put(partition, new OffsetAndMetadata(10 + entries.size(), Optional.empty(), ""));
        });
        return new ConsumerRecords<>(records, next);
    }
}
