package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.monitoring.CommitTimes;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.SharedServers;

class TransactionalProducerIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SharedServers servers = SharedServers.get();
    private final String name = servers.uniqueName("given-up");

    /** As Kafka Streams does after it was frozen: it wakes up inside commitTransaction, with everything sent. */
    @Test
    void aTransactionThatTheCoordinatorGaveUpIsAFence() throws Exception {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
                TransactionalProducer producer = new TransactionalProducer(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrapServers(),
                                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                                name,
                                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                                1_000),
                        new CommitTimes(),
                        Time.system())) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(name, new byte[1])).get();
            await().atMost(PATIENCE).until(() -> state(admin) == TransactionState.COMPLETE_ABORT);

            assertThatThrownBy(producer::commitTransaction).isInstanceOf(ProducerFencedException.class);
            assertThatThrownBy(producer::abortTransaction).isInstanceOf(ProducerFencedException.class);
        }
    }

    private TransactionState state(Admin admin) throws Exception {
        return admin.describeTransactions(List.of(name)).description(name).get().state();
    }

    private String bootstrapServers() {
        return servers.kafka().bootstrapServers();
    }
}
