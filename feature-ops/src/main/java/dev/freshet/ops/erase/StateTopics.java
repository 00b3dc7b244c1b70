package dev.freshet.ops.erase;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.freshet.ops.erase.UserTopic.Kind;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.lifecycle.Stop;

/**
 * Appends to the changelogs of state what changes no state. Kafka rolls a segment when something is appended, and in a changelog that is
 * only when a user of the partition changes. And it keeps a tombstone that a cleaning has passed for as long as was configured then,
 * unless another one stands behind it. So nulls are appended: under a key that no entry has, and under keys that are null already.
 */
final class StateTopics implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    /** Above every key of state: no id begins with this byte. */
    private static final byte[] NOBODYS = {(byte) 0xFF};

    private final Producer<byte[], byte[]> producer;
    private final ErasedUser user;

    StateTopics(FreshetConfig config, ErasedUser user) {
        producer = new KafkaProducer<>(
                new ClientProperties(config.kafka()).producer("freshet-erase"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.user = user;
    }

    /**
     * Appends nothing twice to each of these that is of state.
     *
     * @return by topic, the offset of the first of the two, which a cleaning removes for the second
     */
    Map<UserTopic, Long> prompt(Collection<UserTopic> topics) throws InterruptedException {
        Map<UserTopic, Future<RecordMetadata>> first = new HashMap<>();
        List<Future<RecordMetadata>> second = new ArrayList<>();
        for (UserTopic topic : topics) {
            if (topic.kind() == Kind.STATE) {
                first.put(topic, send(topic, NOBODYS));
                second.add(send(topic, NOBODYS));
            }
        }
        Map<UserTopic, Long> offsets = new HashMap<>();
        for (Map.Entry<UserTopic, Future<RecordMetadata>> one : first.entrySet()) {
            offsets.put(one.getKey(), get(one.getValue()).offset());
        }
        for (Future<RecordMetadata> one : second) {
            get(one);
        }
        return offsets;
    }

    /**
     * Appends nothing to every partition of each of these that is of state: whoever has taken that in has taken in all before.
     *
     * @return by topic and partition, its offset
     */
    Map<UserTopic, Map<Integer, Long>> mark(Collection<UserTopic> topics) throws InterruptedException {
        Map<UserTopic, Map<Integer, Long>> offsets = new HashMap<>();
        for (UserTopic topic : topics) {
            if (topic.kind() == Kind.STATE) {
                Map<Integer, Long> ofTopic = new HashMap<>();
                for (int partition = 0; partition < topic.partitions(); partition++) {
                    ofTopic.put(
                            partition,
                            get(send(new TopicPartition(topic.name(), partition), NOBODYS))
                                    .offset());
                }
                offsets.put(topic, ofTopic);
            }
        }
        return offsets;
    }

    /** Ends anew what is ended. Not the user's header: streams ended that itself just now, and may begin it again. */
    void endAnew(Map<UserTopic, Remains> remains) throws InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        remains.forEach((topic, left) -> {
            if (topic.kind() == Kind.STATE) {
                left.endedKeysBut(user.id().bytes()).forEach(key -> sent.add(send(topic, key)));
            }
        });
        for (Future<RecordMetadata> one : sent) {
            get(one);
        }
    }

    private Future<RecordMetadata> send(UserTopic topic, byte[] key) {
        return send(topic.partitionOf(user), key);
    }

    private Future<RecordMetadata> send(TopicPartition partition, byte[] key) {
        return producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), key, null));
    }

    private static RecordMetadata get(Future<RecordMetadata> sent) throws InterruptedException {
        try {
            return sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new Stop.Restart("Kafka does not take it: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
