package dev.freshet.ingest.log;

import java.util.BitSet;
import java.util.Collection;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.lifecycle.Diagnosis;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.UserPartition;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.record.DeadLetter;
import dev.freshet.schemas.record.IngestPosition;

/**
 * Appends to the change log of a generation. What is appended is seen by nobody until {@link #commit}, and then together with
 * the position. Whatever fails here leaves the outcome to the broker: the process ends, and the next one reads the position.
 * Not safe for use by several threads.
 */
public final class ChangeLog {
    private static final Logger log = LoggerFactory.getLogger(ChangeLog.class);
    private static final int COMMIT_ATTEMPTS = 5;

    private final Producer<byte[], byte[]> producer;
    private final LogCodecs codecs;
    private final Names names;
    private final int generation;
    private final int partitions;
    private final FaultPoint faults;
    private final AtomicReference<@Nullable Exception> sendFailure = new AtomicReference<>();
    private boolean open;
    private int changes;

    /** @param producer transactional, with initTransactions done */
    public ChangeLog(
            Producer<byte[], byte[]> producer, LogCodecs codecs, Names names, int generation, FaultPoint faults) {
        this.producer = producer;
        this.codecs = codecs;
        this.names = names;
        this.generation = generation;
        this.faults = faults;
        partitions = producer.partitionsFor(names.changes(generation)).size();
    }

    public int partitions() {
        return partitions;
    }

    /** Changes appended since the last commit. */
    public int pending() {
        return changes;
    }

    /** Whether there is something to commit. */
    public boolean isOpen() {
        return open;
    }

    /**
     * Appends a change of a row, and behind a deletion its tombstone.
     *
     * @return the partition it went to
     */
    public int append(ChangeKey.Row key, Change change) {
        int partition = UserPartition.of(key.user(), partitions);
        byte[] bytes = codecs.keys().encode(key);
        send(names.changes(generation), partition, bytes, codecs.changes().encode(change));
        if (change.body() instanceof Change.RowDeleted) {
            send(names.changes(generation), partition, bytes, null);
        }
        changes++;
        return partition;
    }

    /**
     * Appends a reset.
     *
     * @return the partition it went to
     */
    public int append(ChangeKey.UserReset key, Change change) {
        int partition = UserPartition.of(key.user(), partitions);
        send(
                names.changes(generation),
                partition,
                codecs.keys().encode(key),
                codecs.changes().encode(change));
        changes++;
        return partition;
    }

    /**
     * Appends the end of a user: tombstones of these rows, and a reset without a value.
     *
     * @return the partition it went to
     */
    public int erase(Id user, Collection<ChangeKey.Row> rows) {
        int partition = UserPartition.of(user, partitions);
        rows.forEach(
                row -> send(names.changes(generation), partition, codecs.keys().encode(row), null));
        send(names.changes(generation), partition, codecs.keys().encode(new ChangeKey.UserReset(user)), null);
        changes += rows.size() + 1;
        return partition;
    }

    /** Appends a control to every partition. */
    public void appendToAll(ChangeKey.Control control, Change change) {
        BitSet all = new BitSet();
        all.set(0, partitions);
        append(control, change, all);
        changes++;
    }

    /** Appends a control to these partitions. */
    public void append(ChangeKey.Control control, Change change, BitSet to) {
        byte[] key = codecs.keys().encode(control);
        byte[] value = codecs.changes().encode(change);
        to.stream().forEach(partition -> send(names.changes(generation), partition, key, value));
    }

    public void append(DeadLetter letter) {
        send(names.deadLetters(), null, null, codecs.deadLetters().encode(letter));
    }

    /** Makes everything appended since the last commit visible, with this position. */
    public void commit(IngestPosition position) {
        send(names.positions(), 0, Positions.key(generation), codecs.positions().encode(position));
        faults.reached(FaultPoint.Place.BEFORE_COMMIT);
        try {
            commitTransaction();
        } catch (KafkaException e) {
            throw stop("cannot commit to topic=" + names.changes(generation), e);
        }
        faults.reached(FaultPoint.Place.COMMITTED);
        open = false;
        changes = 0;
    }

    private Stop stop(String what, KafkaException failure) {
        Exception sent = sendFailure.get();
        Exception cause = sent == null ? failure : sent;
        return Diagnosis.stop(cause).orElseGet(() -> new Stop.Restart(what + " reason=" + cause, failure));
    }

    /**
     * A commit that timed out may have happened or not; the same call again finds out.
     *
     * <p>Nothing is on its way when it is asked for: a producer of Kafka 4.3.1 looks first whether something is, and then whether a
     * commit was asked for (Sender.maybeSendAndPollTransactionalRequest). What is sent and to be committed between these looks is left out
     * of its transaction, which is committed without it, or refused as empty by an INVALID_TXN_STATE.
     */
    private void commitTransaction() {
        producer.flush();
        for (int attempt = 1; ; attempt++) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (attempt == COMMIT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private void failed(@Nullable Exception failure) {
        if (failure != null) {
            sendFailure.compareAndSet(null, failure);
        }
    }

    private void send(String topic, @Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value) {
        try {
            if (!open) {
                producer.beginTransaction();
                open = true;
            }
            // Of its failure commitTransaction tells too, but not of the cause.
            Future<RecordMetadata> sent = producer.send(
                    new ProducerRecord<>(topic, partition, key, value), (metadata, failure) -> failed(failure));
            log.trace("sent topic={} partition={} done={}", topic, partition, sent.isDone());
        } catch (KafkaException e) {
            throw stop("cannot append to topic=" + topic, e);
        }
    }
}
