package dev.freshet.ops.erase;

import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import dev.freshet.schemas.UserPartition;

/**
 * A compacted topic that may hold a user.
 *
 * @param generation that it is of; of a change log, its own number
 * @param partitions of it
 * @param isUsers tells the user's entries
 */
record UserTopic(
        String name, Kind kind, int generation, int partitions, Predicate<ConsumerRecord<byte[], byte[]>> isUsers) {
    enum Kind {
        CHANGES,
        FEATURES,
        STATE
    }

    /** Where all entries of the user are. */
    TopicPartition partitionOf(ErasedUser user) {
        return new TopicPartition(name, UserPartition.of(user.id(), partitions));
    }
}
