package dev.freshet.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.testkit.faults.Fault;
import dev.freshet.testkit.faults.FaultProxy;

class KafkaServerIT {
    @TempDir
    Path directory;

    @Test
    void committedTransactionsAreReadAndAbortedOnesAreNot() {
        try (KafkaServer server = started()) {
            server.createTopic("t", 2, Map.of("cleanup.policy", "compact"));
            produce(server, "committed", true);
            produce(server, "aborted", false);
            produce(server, "later", true);
            assertThat(readCommitted(server, 2)).containsExactly("committed", "later");
        }
    }

    @Test
    void createsNoTopicByItself() {
        try (KafkaServer server = started();
                KafkaProducer<String, String> producer = producer(server, Map.of("max.block.ms", "2000"))) {
            assertThatThrownBy(() ->
                            producer.send(new ProducerRecord<>("typo", "x")).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void keepsCommittedRecordsOverKillAndRestartOnTheSamePort() {
        try (KafkaServer server = started()) {
            server.createTopic("t", 2, Map.of());
            produce(server, "kept", true);
            int port = server.port();

            server.killHard();
            assertThat(server.isRunning()).isFalse();
            server.restart();

            assertThat(server.port()).isEqualTo(port);
            produce(server, "after", true);
            assertThat(readCommitted(server, 2)).containsExactly("kept", "after");
        }
    }

    @Test
    void replacesBrokerThatAnEarlierRunLeftBehind() {
        KafkaServer leftBehind = started();
        leftBehind.createTopic("t", 2, Map.of());
        produce(leftBehind, "kept", true);
        try (KafkaServer server = started()) {
            assertThat(leftBehind.isRunning()).isFalse();
            assertThat(readCommitted(server, 1)).containsExactly("kept");
        }
    }

    @Test
    void clientsOfAFrontedListenerStayBehindWhatStandsBeforeIt() throws Exception {
        Map<String, FaultProxy> proxies = new HashMap<>();
        KafkaServer.Front front = (listener, port) -> {
            proxies.put(listener, FaultProxy.to("127.0.0.1", port));
            return proxies.get(listener).port();
        };
        try (KafkaServer server = KafkaServer.fronted(directory.resolve("kafka"), List.of("APP"), front);
                FaultProxy proxy = proxies.get("APP")) {
            server.start();
            server.createTopic("t", 2, Map.of());
            Map<String, Object> configuration = Map.of(
                    "bootstrap.servers",
                    server.frontedBootstrapServers("APP"),
                    "delivery.timeout.ms",
                    "3000",
                    "request.timeout.ms",
                    "2000",
                    "max.block.ms",
                    "3000");
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(configuration, new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>("t", 1, "key", "passed")).get();
                proxy.begin(new Fault.Reset());
                assertThatThrownBy(() -> producer.send(new ProducerRecord<>("t", 1, "key", "lost"))
                                .get())
                        .isInstanceOf(ExecutionException.class);
            }
        }
    }

    private KafkaServer started() {
        KafkaServer server = new KafkaServer(directory.resolve("kafka"), 0, 0);
        server.start();
        return server;
    }

    private static void produce(KafkaServer server, String value, boolean commit) {
        try (KafkaProducer<String, String> producer = producer(server, Map.of("transactional.id", "tx"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("t", 1, "key", value));
            producer.flush();
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    private static KafkaProducer<String, String> producer(KafkaServer server, Map<String, Object> more) {
        Map<String, Object> configuration = new HashMap<>(more);
        configuration.put("bootstrap.servers", server.bootstrapServers());
        return new KafkaProducer<>(configuration, new StringSerializer(), new StringSerializer());
    }

    private static List<String> readCommitted(KafkaServer server, int expected) {
        Map<String, Object> configuration = Map.of(
                "bootstrap.servers", server.bootstrapServers(),
                "group.id", "g",
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(configuration, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("t"));
            Awaitility.await("records of t").atMost(Duration.ofSeconds(30)).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
                return values.size() >= expected;
            });
        }
        return values;
    }
}
