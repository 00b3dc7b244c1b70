package dev.freshet.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.sink.sql.Poll.Broken;
import dev.freshet.sink.sql.Poll.Raw;

/** A Kafka that answers late: the transaction of the target is still open when it is given up, and no letter is sent twice. */
class DeadLetterProducerTest {
    private static final List<Broken> LETTERS = List.of(letter(7), letter(8));

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final DeadLetterProducer letters = letters(config(1_000));

    private static FreshetConfig config(int sessionTimeoutMillis) {
        return FreshetConfig.of(Map.of(
                "source.url", "jdbc:postgresql://shop/orders",
                "source.user", "reader",
                "target.url", "jdbc:postgresql://features/ml",
                "target.user", "writer",
                "kafka.bootstrap.servers", "broker:9092",
                "schema.registry.url", "http://registry:8081",
                "sink.instance.id", "one",
                "sink.session.timeout.ms", Integer.toString(sessionTimeoutMillis)));
    }

    private DeadLetterProducer letters(FreshetConfig config) {
        Database target = new Database(config.target().login(), "public", "test", Timeouts.standard());
        return new DeadLetterProducer(
                new SinkParts(
                        config,
                        Time.system(),
                        new MockSchemaRegistryClient(),
                        target,
                        new SinkMeter(),
                        WriteHooks.NONE),
                1,
                properties -> kafka);
    }

    private static Broken letter(long offset) {
        return new Broken(new Raw(0, offset, new byte[] {1}, new byte[] {2}), null, "no value");
    }

    @Test
    void theyAreWaitedForLessThanTheTransactionMayBeIdle() {
        FreshetConfig config = config(8_000);
        DeadLetterProducer patient = letters(config);
        long began = Time.system().nanoTime();
        assertThatThrownBy(() -> patient.send(LETTERS)).isInstanceOf(DeadLettersUnavailableException.class);
        assertThat(Duration.ofNanos(Time.system().nanoTime() - began))
                .as("for both together")
                .isBetween(Duration.ofMillis(1_900), SinkParts.idleTransaction(config));
    }

    @Test
    void whatIsUnderWayIsNotSentAgain() {
        assertThatThrownBy(() -> letters.send(LETTERS)).isInstanceOf(DeadLettersUnavailableException.class);
        kafka.completeNext();
        assertThatThrownBy(() -> letters.send(LETTERS)).isInstanceOf(DeadLettersUnavailableException.class);
        kafka.completeNext();
        letters.send(LETTERS);
        letters.send(LETTERS);
        assertThat(kafka.history()).hasSize(2);
    }

    @Test
    void whatFailedIsSentAgain() {
        assertThatThrownBy(() -> letters.send(LETTERS)).isInstanceOf(DeadLettersUnavailableException.class);
        kafka.errorNext(new NetworkException("gone"));
        kafka.completeNext();
        assertThatThrownBy(() -> letters.send(LETTERS)).isInstanceOf(DeadLettersUnavailableException.class);
        assertThatThrownBy(() -> letters.send(LETTERS)).isInstanceOf(DeadLettersUnavailableException.class);
        kafka.completeNext();
        letters.send(LETTERS);
        assertThat(kafka.history()).hasSize(3);
    }

    @Test
    void aMissingRightIsNotWaitedOut() {
        assertThatThrownBy(() -> letters.send(LETTERS)).isInstanceOf(DeadLettersUnavailableException.class);
        kafka.errorNext(new TopicAuthorizationException("freshet.dead-letters"));
        assertThatThrownBy(() -> letters.send(LETTERS)).isInstanceOf(Stop.Operator.class);
    }
}
