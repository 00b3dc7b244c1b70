package dev.freshet.streams;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.freshet.runtime.monitoring.CommitTimes;
import dev.freshet.runtime.time.Time;

/**
 * A producer to which a transaction that the coordinator has given up is a fence. Who was frozen for longer than the
 * transaction's timeout and then goes on with it is told, by chance of where it stood, either that it was fenced or that the
 * transaction is in an invalid state (KIP-890: the epoch was bumped once, so the call is taken for the retry of one that
 * had another outcome). Kafka Streams 4.3.1 recovers from the first and dies of the second, though nothing differs: the
 * transaction was aborted, and its tasks begin again at what is committed.
 */
final class TransactionalProducer extends KafkaProducer<byte[], byte[]> {
    private final CommitTimes commits;
    private final Time time;
    private long committingNanos;
    private long committedNanos;

    TransactionalProducer(Map<String, Object> config, CommitTimes commits, Time time) {
        super(config, new ByteArraySerializer(), new ByteArraySerializer());
        this.commits = commits;
        this.time = time;
        committingNanos = time.nanoTime();
        committedNanos = committingNanos;
    }

    /** Whether the last commit is as long ago as it took. To be asked by the thread that commits. */
    boolean isRested() {
        return time.nanoTime() - committedNanos >= committedNanos - committingNanos;
    }

    @Override
    public void sendOffsetsToTransaction(
            Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata groupMetadata) {
        orFenced(() -> super.sendOffsetsToTransaction(offsets, groupMetadata));
    }

    @Override
    public void commitTransaction() {
        committingNanos = time.nanoTime();
        orFenced(super::commitTransaction);
        committedNanos = time.nanoTime();
        commits.add(committedNanos - committingNanos);
    }

    @Override
    public void abortTransaction() {
        orFenced(super::abortTransaction);
    }

    private static void orFenced(Runnable call) {
        try {
            call.run();
        } catch (KafkaException e) {
            if (e instanceof InvalidTxnStateException || e.getCause() instanceof InvalidTxnStateException) {
                ProducerFencedException fenced = new ProducerFencedException("the transaction was given up");
                fenced.initCause(e);
                throw fenced;
            }
            throw e;
        }
    }
}
