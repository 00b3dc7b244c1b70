package dev.freshet.sink;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.lifecycle.Diagnosis;
import dev.freshet.runtime.time.Micros;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.record.DeadLetter;
import dev.freshet.sink.sql.DeadLetters;
import dev.freshet.sink.sql.Poll.Broken;

/**
 * Writes dead letters of one generation to Kafka. Opens its producer with the first of them: there should be none. One that is under
 * way when the waiting ends is not sent again with the next attempt, so a Kafka that is slow gets no letter twice.
 */
final class DeadLetterProducer implements DeadLetters, AutoCloseable {
    /** Where the entry stood. */
    private record Place(int partition, long offset) {}

    private final SinkParts parts;
    private final int generation;
    private final Function<Map<String, Object>, Producer<byte[], byte[]>> open;
    private final RegistryAvro<DeadLetter> values;
    private final Map<Place, Future<RecordMetadata>> sent = new HashMap<>();
    private @Nullable Producer<byte[], byte[]> producer;

    DeadLetterProducer(SinkParts parts, int generation) {
        this(
                parts,
                generation,
                properties -> new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /** @param open a producer with these properties */
    DeadLetterProducer(SinkParts parts, int generation, Function<Map<String, Object>, Producer<byte[], byte[]>> open) {
        this.parts = parts;
        this.generation = generation;
        this.open = open;
        values = new RegistryAvro<>(
                parts.registry(), Names.subject(parts.names().deadLetters()), FreshetAvro.deadLetters());
    }

    /** All of them together: the rest of the transaction is to find it still open. */
    static Duration patience(FreshetConfig config) {
        return SinkParts.idleTransaction(config).dividedBy(2);
    }

    /**
     * @throws DeadLettersUnavailableException if they cannot be written now
     * @throws dev.freshet.runtime.lifecycle.Stop if Kafka refuses them
     */
    @Override
    public void send(List<Broken> letters) {
        long end = parts.time().nanoTime() + patience(parts.config()).toNanos();
        Map<Place, Future<RecordMetadata>> these = new LinkedHashMap<>();
        try {
            for (Broken letter : letters) {
                Place place = new Place(letter.raw().partition(), letter.raw().offset());
                these.put(place, sent.computeIfAbsent(place, unsent -> send(letter)));
            }
            for (Map.Entry<Place, Future<RecordMetadata>> one : these.entrySet()) {
                await(one.getKey(), one.getValue(), end - parts.time().nanoTime());
            }
            sent.keySet().retainAll(these.keySet());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException | TimeoutException e) {
            throw unavailable(e);
        }
    }

    private Future<RecordMetadata> send(Broken letter) {
        return producer()
                .send(new ProducerRecord<>(
                        parts.names().deadLetters(), letter.raw().key(), values.encode(toLetter(letter))));
    }

    private void await(Place place, Future<RecordMetadata> letter, long nanos)
            throws InterruptedException, TimeoutException {
        try {
            letter.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            sent.remove(place);
            throw unavailable(e);
        }
    }

    private static RuntimeException unavailable(Throwable failure) {
        return Diagnosis.stop(failure)
                .<RuntimeException>map(stop -> stop)
                .orElseGet(() -> new DeadLettersUnavailableException(failure));
    }

    private DeadLetter toLetter(Broken broken) {
        return new DeadLetter(
                generation,
                "sink",
                parts.names().features(generation) + "-" + broken.raw().partition() + "@"
                        + broken.raw().offset(),
                broken.reason(),
                broken.user() == null ? null : ChangeKey.user(broken.user()),
                broken.raw().key(),
                broken.raw().value(),
                Micros.of(parts.time().now()));
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> opened = producer;
        if (opened == null) {
            var properties = new ClientProperties(parts.config().kafka())
                    .producer(parts.names().sinkGroup(generation) + ".dead-letters");
            properties.put(
                    ProducerConfig.MAX_BLOCK_MS_CONFIG, patience(parts.config()).toMillis());
            opened = open.apply(properties);
            producer = opened;
        }
        return opened;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(patience(parts.config()));
        }
    }
}
