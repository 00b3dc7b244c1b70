package dev.freshet.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.runtime.config.KafkaSettings;
import dev.freshet.runtime.config.RegistrySettings;
import dev.freshet.runtime.kafka.HangingTransactions.Hanging;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.testkit.servers.KafkaServer;

/** Transactions are made to hang by a broker that loses their end in one partition, or what its coordinators know, and nothing else. */
class HangingTransactionsIT {
    private static final Names NAMES = new Names("shop");
    private static final TopicPartition FEATURES = new TopicPartition(NAMES.features(1), 0);
    private static final TopicPartition POSITIONS = new TopicPartition(NAMES.positions(), 0);

    @TempDir
    Path directory;

    private KafkaServer server;
    private KafkaProducer<byte[], byte[]> producer;
    private Admin admin;
    private HangingTransactions transactions;
    private Duration ahead = Duration.ZERO;

    @BeforeEach
    void start() throws Exception {
        server = new KafkaServer(directory.resolve("kafka"), 0, 0);
        server.start();
        server.createTopic(FEATURES.topic(), 1, Map.of());
        server.createTopic(POSITIONS.topic(), 1, Map.of());
        ClientProperties clients = new ClientProperties(new KafkaSettings(
                server.bootstrapServers(), 1, 1, Map.of(), new RegistrySettings("http://none", Map.of())));
        Map<String, Object> properties = clients.producer("test");
        properties.put("transactional.id", "shop.test");
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        admin = Admin.create(clients.admin("test"));
        makeOffsetsTopic();
        transactions = new HangingTransactions(admin, NAMES, new ShiftedTime());
    }

    private final class ShiftedTime implements Time {
        @Override
        public Instant now() {
            return Time.system().now().plus(ahead);
        }

        @Override
        public long nanoTime() {
            return Time.system().nanoTime() + ahead.toNanos();
        }

        @Override
        public void pause(Duration duration) throws InterruptedException {
            Time.system().pause(duration);
        }
    }

    private void makeOffsetsTopic() throws Exception {
        admin.alterConsumerGroupOffsets("shop.group", Map.of(FEATURES, new OffsetAndMetadata(0)))
                .all()
                .get();
    }

    @AfterEach
    void close() throws Exception {
        producer.close(Duration.ZERO);
        admin.close();
        server.close();
    }

    @Test
    void oneThatWasGivenUpIsToldAndEnded() throws Exception {
        begin(FEATURES, POSITIONS);
        commit();
        long before = lastStable();
        begin(FEATURES);
        withoutTheEndInFeatures(producer::abortTransaction);
        assertThat(transactions.look()).as("seen once").isEmpty();
        List<Hanging> hanging = transactions.look();
        assertThat(hanging).extracting(one -> one.open().partition()).containsExactly(FEATURES);
        assertThat(hanging.get(0).isGivenUp()).isTrue();
        assertThat(hanging.get(0).open().since()).isEqualTo(before);
        assertThat(lastStable()).isEqualTo(before);

        transactions.abort(hanging.get(0));
        assertThat(transactions.look()).isEmpty();
        assertThat(lastStable()).as("the record and its end are passed").isEqualTo(before + 2);
    }

    @Test
    void oneThatWasCommittedIsToldAndLeft() throws Exception {
        begin(FEATURES);
        commit();
        begin(FEATURES, POSITIONS);
        withoutTheEndInFeatures(producer::commitTransaction);
        transactions.look();
        List<Hanging> hanging = transactions.look();
        assertThat(hanging).extracting(one -> one.open().partition()).containsExactly(FEATURES);
        assertThat(hanging).noneMatch(Hanging::isGivenUp);
        assertThatThrownBy(() -> transactions.abort(hanging.get(0))).isInstanceOf(IllegalArgumentException.class);
    }

    /** Its end in the topic of last words may have been forgotten. */
    @Test
    void oneWhoseProducerHasNeverSaidALastWordAndIsNotNewIsToldAndLeft() throws Exception {
        begin(FEATURES);
        commit();
        begin(FEATURES);
        withoutTheEndInFeatures(producer::abortTransaction);
        transactions.look();
        assertThat(transactions.look()).hasSize(1).noneMatch(Hanging::isGivenUp);
    }

    /** A partition forgets after a day who has written there, and that is how a last word is known. */
    @Test
    void oneOfHalfADayAgoIsToldAndLeft() throws Exception {
        begin(FEATURES);
        withoutTheEndInFeatures(producer::abortTransaction);
        ahead = Duration.ofHours(13);
        transactions.look();
        assertThat(transactions.look()).hasSize(1).noneMatch(Hanging::isGivenUp);
    }

    /** It may be under way: its coordinator may only be away, or be forbidden to us. */
    @Test
    void oneThatNoCoordinatorKnowsIsToldWhenNoneCanBeOpenForSoLongAndLeft() throws Exception {
        begin(FEATURES);
        forgetTransactions();
        transactions.look();
        assertThat(transactions.look()).isEmpty();
        ahead = Duration.ofMinutes(16);
        assertThat(transactions.look()).hasSize(1).noneMatch(Hanging::isGivenUp);
    }

    @Test
    void oneThatIsUnderWayIsNotTold() throws Exception {
        begin(FEATURES);
        transactions.look();
        assertThat(transactions.look()).isEmpty();
        commit();
    }

    /** Ends of transactions are written a moment after they are told. */
    private void commit() {
        producer.commitTransaction();
        await().until(() -> lastStable() == lastWritten());
    }

    private void begin(TopicPartition... partitions) throws Exception {
        producer.beginTransaction();
        for (TopicPartition partition : partitions) {
            producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, new byte[1]))
                    .get();
        }
    }

    private long lastStable() throws Exception {
        return end(IsolationLevel.READ_COMMITTED);
    }

    private long lastWritten() throws Exception {
        return end(IsolationLevel.READ_UNCOMMITTED);
    }

    private long end(IsolationLevel isolation) throws Exception {
        return admin.listOffsets(Map.of(FEATURES, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                .partitionResult(FEATURES)
                .get()
                .offset();
    }

    /** The broker's fault, made: what is in the partition, and in its memory of producers, is put back behind the end. */
    private void withoutTheEndInFeatures(Runnable end) throws IOException {
        Path partition = directory.resolve("kafka/data").resolve(FEATURES.toString());
        Path kept = directory.resolve("kept");
        server.stop();
        copy(partition, kept);
        server.start();
        end.run();
        await().until(() -> lastStable() == lastWritten());
        server.stop();
        delete(partition);
        Files.move(kept, partition);
        server.start();
    }

    private void forgetTransactions() throws IOException {
        server.stop();
        try (Stream<Path> logs = Files.list(directory.resolve("kafka/data"))) {
            for (Path log : logs.filter(path -> path.getFileName().toString().startsWith("__transaction_state-"))
                    .toList()) {
                delete(log);
            }
        }
        server.start();
    }

    private static void copy(Path tree, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(tree.relativize(path)));
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
