package dev.freshet.streams;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaClientSupplier;

import dev.freshet.runtime.generation.BuildPace;
import dev.freshet.runtime.monitoring.CommitTimes;
import dev.freshet.runtime.time.Time;

/**
 * Kafka Streams' clients, as it makes them itself but for two things: its producers are {@link TransactionalProducer}s, and
 * the consumers that read the change log are {@link SettledConsumer}s; both can be reached by their threads.
 *
 * <p>The consumers have to be: when a task's state was corrupted, Kafka Streams closes it, notes on the task object that its consumer
 * has to go back, and asks for a rebalance; if that comes before the task was initialised again, the task is replaced by a
 * new object and the note is lost with the old one (TaskManager.handleTasksPendingInitialization in 4.3.1). The consumer
 * then goes on behind all that it had ever fetched, and the entries between are in no state: counts would be wrong for
 * ever. So every task, whatever brought it about, puts its consumer to where its state ends itself.
 */
final class StreamsClients implements KafkaClientSupplier {
    private final Map<String, SettledConsumer> consumers = new ConcurrentHashMap<>();
    private final Map<String, TransactionalProducer> producers = new ConcurrentHashMap<>();
    private final Predicate<byte[]> isSettled;
    private final BuildPace.Worker pace;
    private final Time time;
    private final CommitTimes commits;

    /**
     * @param isSettled whether a task could go on with an entry of this value
     * @param commits is told of each transaction
     */
    StreamsClients(Predicate<byte[]> isSettled, BuildPace.Worker pace, Time time, CommitTimes commits) {
        this.commits = commits;
        this.isSettled = isSettled;
        this.pace = pace;
        this.time = time;
    }

    /**
     * @param changes the topic that is read
     * @param features the topic that is written
     */
    LogReader reader(String changes, String features) {
        return (number, from) -> seek(new TopicPartition(changes, number), new TopicPartition(features, number), from);
    }

    private LogReader.Reading seek(TopicPartition partition, TopicPartition features, LogReader.From from) {
        SettledConsumer consumer = ofThisThread(consumers, "-consumer");
        OffsetAndMetadata committed = consumer.committed(Set.of(partition)).get(partition);
        if (committed == null || from == LogReader.From.BEGINNING) {
            consumer.seekToBeginning(Set.of(partition));
        } else {
            consumer.seek(partition, committed);
        }
        Map<TopicPartition, Long> ends = consumer.endOffsets(Set.of(partition, features));
        return new LogReader.Reading(
                committed == null ? 0 : committed.offset(),
                ends.getOrDefault(partition, 0L),
                ends.getOrDefault(features, 0L) > 0,
                offset -> consumer.isDrained(partition, offset) && producer().isRested());
    }

    /** Kafka Streams makes a new one after an aborted transaction. */
    private TransactionalProducer producer() {
        return ofThisThread(producers, "-producer");
    }

    /** @param suffix what Kafka Streams puts behind a thread's name to name this client of it */
    private static <C> C ofThisThread(Map<String, C> clients, String suffix) {
        C client = clients.get(Thread.currentThread().getName() + suffix);
        if (client == null) {
            throw new IllegalStateException(Thread.currentThread() + " has none of these: " + clients.keySet());
        }
        return client;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        SettledConsumer consumer = new SettledConsumer(config, isSettled, pace, time);
        consumers.put((String) config.get(ConsumerConfig.CLIENT_ID_CONFIG), consumer);
        return consumer;
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return consumer(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        TransactionalProducer producer = new TransactionalProducer(config, commits, time);
        producers.put((String) config.get(ProducerConfig.CLIENT_ID_CONFIG), producer);
        return producer;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
