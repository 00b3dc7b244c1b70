package dev.freshet.ops.deadletters;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
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
     * @throws Stop.Restart if nothing more of them comes for two minutes
     */
    public List<StoredLetter> read(LetterFilter filter) {
        List<StoredLetter> found = new ArrayList<>();
        visit(filter, found::add);
        return found;
    }

    /**
     * The same one by one: there may be more than memory holds.
     *
     * @throws Stop.Restart if nothing more of them comes for two minutes
     */
    public void visit(LetterFilter filter, Consumer<StoredLetter> visitor) {
        visit(record -> {
            StoredLetter stored = stored(record);
            if (filter.passes(stored)) {
                visitor.accept(stored);
            }
        });
    }

    /**
     * How many are committed by now.
     *
     * @throws Stop.Restart if nothing more of them comes for two minutes
     */
    public long count() {
        AtomicLong count = new AtomicLong();
        visit(record ->
                count.incrementAndGet()); // offsets do not tell: the mark that ends a transaction takes one, too
        return count.get();
    }

    /** What becomes of a letter. */
    public enum Fate {
        KEPT,
        /** It stays, without the bytes of the record that could not be used. */
        BLANKED,
        DROPPED
    }

    /** Decides on a letter, by the record that it is. */
    @FunctionalInterface
    public interface Judge {
        Fate fate(ConsumerRecord<byte[], byte[]> record, StoredLetter letter);
    }

    /**
     * Visits all, also those that were never committed.
     *
     * @throws Stop.Restart if they cannot be read in two minutes
     */
    public void visitAll(BiConsumer<ConsumerRecord<byte[], byte[]>, StoredLetter> visitor) {
        visit("read_uncommitted", record -> visitor.accept(record, stored(record)));
    }

    /**
     * Deletes and blanks letters; where such a one was never committed, all that stand before it are written again, too.
     *
     * @param target as for {@link #drop}
     * @return how many of each fate there were, among those that are committed
     * @throws Stop.Operator if another one is at it
     */
    public Map<Fate, Integer> sift(Judge judge, Connection target) throws SQLException, InterruptedException {
        lock(target);
        try {
            AtomicLong last = new AtomicLong(-1);
            visitAll((record, letter) -> {
                if (judge.fate(record, letter) != Fate.KEPT) {
                    last.set(record.offset());
                }
            });
            Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
            if (last.get() >= 0) {
                append(
                        record -> {
                            StoredLetter letter = stored(record);
                            Fate fate = judge.fate(record, letter);
                            fates.merge(fate, 1, Integer::sum);
                            return switch (fate) {
                                case KEPT -> Optional.of(record);
                                case BLANKED -> Optional.of(blank(record, letter));
                                case DROPPED -> Optional.empty();
                            };
                        },
                        last.get());
                deleteThrough(last.get());
            }
            return fates;
        } finally {
            unlock(target);
        }
    }

    private ConsumerRecord<byte[], byte[]> blank(ConsumerRecord<byte[], byte[]> record, StoredLetter stored) {
        DeadLetter letter = Objects.requireNonNull(stored.letter());
        DeadLetter blanked = new DeadLetter(
                letter.generation(),
                letter.stage(),
                letter.place(),
                letter.reason(),
                letter.row(),
                null,
                null,
                letter.metAt());
        return new ConsumerRecord<>(record.topic(), record.partition(), record.offset(), null, values.encode(blanked));
    }

    /**
     * Deletes those that pass. What stands between them and stays is written again at the topic's end, as it was, and so gets
     * another id: Kafka deletes from the beginning only. Killed in between, it leaves such letters twice.
     *
     * @param target in auto-commit mode; holds others off, who would write again what is deleted here
     * @return how many were deleted
     * @throws Stop.Operator if another one is at it
     */
    public long drop(LetterFilter filter, Connection target) throws SQLException, InterruptedException {
        lock(target);
        try {
            AtomicLong dropped = new AtomicLong();
            AtomicLong last = new AtomicLong(-1);
            visit(filter, letter -> {
                dropped.incrementAndGet();
                last.set(letter.id());
            });
            if (dropped.get() > 0) {
                append(record -> filter.passes(stored(record)) ? Optional.empty() : Optional.of(record), last.get());
                deleteThrough(last.get());
            }
            return dropped.get();
        } finally {
            unlock(target);
        }
    }

    private void lock(Connection target) throws SQLException {
        try (PreparedStatement lock = target.prepareStatement("SELECT pg_try_advisory_lock(hashtextextended(?, 0))")) {
            lock.setString(1, partition.topic());
            try (ResultSet row = lock.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    throw new Stop.Operator(
                            "another command is deleting letters from " + partition.topic(),
                            "Try again once it has ended");
                }
            }
        }
    }

    private void unlock(Connection target) throws SQLException {
        try (PreparedStatement unlock = target.prepareStatement("SELECT pg_advisory_unlock(hashtextextended(?, 0))")) {
            unlock.setString(1, partition.topic());
            unlock.execute();
        }
    }

    private StoredLetter stored(ConsumerRecord<byte[], byte[]> record) {
        try {
            return new StoredLetter(record.offset(), record.value() == null ? null : values.decode(record.value()));
        } catch (UndecodableException e) {
            return new StoredLetter(record.offset(), null);
        }
    }

    private void visit(Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        visit("read_committed", visitor);
    }

    private void visit(String isolation, Consumer<ConsumerRecord<byte[], byte[]>> visitor) {
        Map<String, Object> properties = clients.consumer("dead-letters");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            if (consumer.partitionsFor(partition.topic()).isEmpty()) {
                return; // nobody has needed it yet
            }
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long deadline = time.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition) < end) {
                long position = consumer.position(partition);
                consumer.poll(POLL).forEach(visitor);
                if (consumer.position(partition) > position) {
                    deadline = time.nanoTime() + PATIENCE.toNanos();
                } else if (time.nanoTime() - deadline > 0) {
                    throw new Stop.Restart("nothing more of " + partition + " has come for " + PATIENCE.toSeconds()
                            + " s: it was read up to offset=" + position + " of " + end);
                }
            }
        }
    }

    /** What becomes of a record that stands before what is deleted; empty if it goes, too. */
    private interface Rewriting {
        Optional<ConsumerRecord<byte[], byte[]>> of(ConsumerRecord<byte[], byte[]> record);
    }

    private void append(Rewriting rewriting, long last) throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>(); // some bytes of each
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                clients.producer("dead-letters"), new ByteArraySerializer(), new ByteArraySerializer())) {
            visit(record -> {
                if (record.offset() <= last) {
                    rewriting
                            .of(record)
                            .ifPresent(kept -> sent.add(producer.send(new ProducerRecord<>(
                                    partition.topic(),
                                    partition.partition(),
                                    kept.key(),
                                    kept.value(),
                                    kept.headers()))));
                }
            });
            for (Future<RecordMetadata> one : sent) {
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
