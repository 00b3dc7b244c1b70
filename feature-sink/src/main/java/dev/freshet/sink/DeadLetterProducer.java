package dev.freshet.sink;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.time.Micros;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.record.DeadLetter;
import dev.freshet.sink.sql.DeadLetters;
import dev.freshet.sink.sql.Poll.Broken;

/** Writes dead letters of one generation to Kafka. Opens its producer with the first of them: there should be none. */
final class DeadLetterProducer implements DeadLetters, AutoCloseable {
    /** Less than the time that a transaction of the target may be idle. */
    private static final int TIMEOUT_SECONDS = 20;

    private final SinkParts parts;
    private final int generation;
    private final RegistryAvro<DeadLetter> values;
    private @org.jspecify.annotations.Nullable Producer<byte[], byte[]> producer;

    DeadLetterProducer(SinkParts parts, int generation) {
        this.parts = parts;
        this.generation = generation;
        values = new RegistryAvro<>(
                parts.registry(), Names.subject(parts.names().deadLetters()), FreshetAvro.deadLetters());
    }

    /** @throws DeadLettersUnavailableException if they cannot be written now */
    @Override
    public void send(List<Broken> letters) {
        List<Future<?>> sent = new ArrayList<>();
        try {
            for (Broken letter : letters) {
                sent.add(producer()
                        .send(new ProducerRecord<>(
                                parts.names().deadLetters(), letter.raw().key(), values.encode(toLetter(letter)))));
            }
            for (Future<?> one : sent) {
                one.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new DeadLettersUnavailableException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw new DeadLettersUnavailableException(e);
        }
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
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            var properties = new ClientProperties(parts.config().kafka())
                    .producer(parts.names().sinkGroup(generation) + ".dead-letters");
            properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_SECONDS * 1_000);
            open = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            producer = open;
        }
        return open;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
    }
}
