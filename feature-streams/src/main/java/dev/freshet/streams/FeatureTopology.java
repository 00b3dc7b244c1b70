package dev.freshet.streams;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.UserPartition;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;

/** The topology of a generation: its change log, one processor with its stores, its features topic. */
final class FeatureTopology {
    private FeatureTopology() {}

    static Topology of(
            FeatureJob job, LogSchemas schemas, LogEnd logEnd, LogReader reader, LogEvents events, Time time) {
        Serializer<FeatureKey> keys = (topic, key) -> job.codecs().featureKeys().encode(key);
        Serializer<FeatureUpdate> updates = (topic, update) ->
                update == null ? null : job.codecs().featureUpdates().encode(update);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        return new Topology()
                .addSource(AutoOffsetReset.earliest(), StreamsNames.CHANGES, bytes, bytes, job.changesTopic())
                .addProcessor(
                        StreamsNames.ENGINE,
                        new FeatureProcessorSupplier(job, schemas, logEnd, reader, events, time),
                        StreamsNames.CHANGES)
                .addSink(
                        StreamsNames.FEATURES,
                        job.featuresTopic(),
                        keys,
                        updates,
                        FeatureTopology::partitions,
                        StreamsNames.ENGINE)
                .addSink(
                        StreamsNames.DEAD_LETTERS,
                        job.deadLettersTopic(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        StreamsNames.ENGINE);
    }

    /** Features leave by the partition of the number their changes came by, and so do watermarks. */
    private static Optional<Set<Integer>> partitions(String topic, FeatureKey key, FeatureUpdate update, int count) {
        int partition = key instanceof FeatureKey.User user
                ? UserPartition.of(user.id(), count)
                : ((FeatureKey.Partition) key).number();
        return Optional.of(Set.of(partition));
    }
}
