package dev.freshet.ops.deadletters;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.avro.RegistryClients;
import dev.freshet.schemas.avro.UndecodableException;
import dev.freshet.schemas.record.DeadLetter;

/** The topic of dead letters, which has one partition and from which nothing expires. */
public final class DeadLetters {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ClientProperties clients;
    private final TopicPartition partition;
    private final RegistryAvro<DeadLetter> values;
    private final Time time;

    private DeadLetters(FreshetConfig config, SchemaRegistryClient registry, Time time) {
        clients = new ClientProperties(config.kafka());
        String topic = config.names().deadLetters();
        partition = new TopicPartition(topic, 0);
        values = new RegistryAvro<>(registry, Names.subject(topic), FreshetAvro.deadLetters());
        this.time = time;
    }

    public static DeadLetters of(FreshetConfig config, Time time) {
        return new DeadLetters(
                config,
                RegistryClients.open(config.registry().url(), config.registry().properties()),
                time);
    }

    /**
     * All that pass and are committed by now, oldest first.
     *
     * @throws Stop.Restart if they cannot be read in two minutes
     */
    public List<StoredLetter> read(LetterFilter filter) {
        List<StoredLetter> found = new ArrayList<>();
        visit(record -> {
            StoredLetter stored = stored(record);
            if (filter.passes(stored)) {
                found.add(stored);
            }
        });
        return found;
    }

    /**
     * How many are committed by now.
     *
     * @throws Stop.Restart if they cannot be read in two minutes
     */
    public long count() {
        AtomicLong count = new AtomicLong();
        visit(record ->
                count.incrementAndGet()); // offsets do not tell: the mark that ends a transaction takes one, too
        return count.get();
    }

    /**
     * Deletes those that pass. What stands between them and stays is written again at the topic's end, as it was, and so gets
     * another id: Kafka deletes from the beginning only.
     *
     * @return how many were deleted
     */
    public int drop(LetterFilter filter) throws InterruptedException {
        List<ConsumerRecord<byte[], byte[]>> kept = new ArrayList<>();
        List<Long> dropped = new ArrayList<>();
        visit(record -> {
            if (filter.passes(stored(record))) {
                dropped.add(record.offset());
            } else {
                kept.add(record);
            }
        });
        if (dropped.isEmpty()) {
            return 0;
        }
        long last = dropped.get(dropped.size() - 1);
        append(kept.stream().filter(record -> record.offset() < last).toList());
        deleteThrough(last);
        return dropped.size();
    }

    private StoredLetter stored(ConsumerRecord<byte[], byte[]> record) {
        try {
            return new StoredLetter(record.offset(), record.value() == null ? null : values.decode(record.value()));
        } catch (UndecodableException e) {
            return new StoredLetter(record.offset(), null);
        }
    }

    private void visit(Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                clients.consumer("dead-letters"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            if (consumer.partitionsFor(partition.topic()).isEmpty()) {
                return; // nobody has needed it yet
            }
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long deadline = time.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition) < end) {
                consumer.poll(POLL).forEach(visitor);
                if (time.nanoTime() > deadline) {
                    throw new Stop.Restart("cannot read " + partition + " up to offset=" + end + " within " + PATIENCE);
                }
            }
        }
    }

    private void append(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
        if (records.isEmpty()) {
            return;
        }
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                clients.producer("dead-letters"), new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(new ProducerRecord<>(
                        partition.topic(), partition.partition(), record.key(), record.value(), record.headers())));
            }
            for (Future<?> one : sent) {
                get(one);
            }
        }
    }

    private void deleteThrough(long offset) throws InterruptedException {
        try (Admin admin = Admin.create(clients.admin("dead-letters-admin"))) {
            get(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset + 1)))
                    .all());
        }
    }

    private static void get(Future<?> done) throws InterruptedException {
        try {
            done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new Stop.Restart("Kafka does not do it; no letter is lost by trying again: " + e.getMessage(), e);
        }
    }
}
