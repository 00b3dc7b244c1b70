package dev.freshet.sink;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.PlainAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.avro.SchemaPatience;
import dev.freshet.schemas.avro.UndecodableException;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.sink.rule.Claim;
import dev.freshet.sink.sql.Poll;
import dev.freshet.sink.sql.Poll.Broken;
import dev.freshet.sink.sql.Poll.Entry;
import dev.freshet.sink.sql.Poll.Raw;

/** Gives records of a features topic their meaning, and tells those that have none. */
final class EntryReader {
    private final PlainAvro<FeatureKey> keys = FreshetAvro.featureKeys();
    private final RegistryAvro<FeatureUpdate> values;
    private final SchemaPatience patience;

    /** @param time to tell for how long the registry has not known a schema */
    EntryReader(SchemaRegistryClient registry, String topic, Catalogue catalogue, Time time) {
        patience = new SchemaPatience(time::nanoTime);
        values = new RegistryAvro<>(registry, Names.subject(topic), FreshetAvro.featureUpdates(catalogue));
    }

    /**
     * @param positions the stored position of each partition that is read
     * @param alsoClaim partitions to take part without records
     */
    Poll read(
            ConsumerRecords<byte[], byte[]> records,
            SortedMap<Integer, Long> positions,
            Collection<Integer> alsoClaim) {
        SortedMap<Integer, Claim> claims = new TreeMap<>();
        for (int partition : alsoClaim) {
            Long next = positions.get(partition);
            if (next != null) {
                claims.put(partition, new Claim(partition, next, next));
            }
        }
        List<Entry> entries = new ArrayList<>(records.count());
        List<Broken> broken = new ArrayList<>();
        for (TopicPartition partition : records.partitions()) {
            Long expected = positions.get(partition.partition());
            if (expected == null) {
                continue;
            }
            long next = expected;
            for (ConsumerRecord<byte[], byte[]> one : records.records(partition)) {
                next = one.offset() + 1;
                Raw raw = new Raw(partition.partition(), one.offset(), one.key(), one.value());
                read(raw, entries, broken);
            }
            claims.put(partition.partition(), new Claim(partition.partition(), expected, next));
        }
        return new Poll(List.copyOf(claims.values()), entries, broken);
    }

    /** An entry that was read before. */
    Entry reread(Raw raw) {
        List<Entry> entries = new ArrayList<>(1);
        List<Broken> broken = new ArrayList<>(1);
        read(raw, entries, broken);
        if (entries.isEmpty()) {
            throw new IllegalStateException("an entry that waits cannot be read any more: " + broken);
        }
        return entries.get(0);
    }

    private void read(Raw raw, List<Entry> entries, List<Broken> broken) {
        FeatureKey key = null;
        try {
            key = keys.decode(present(raw.key(), "key"));
            if (raw.value() == null && key instanceof FeatureKey.User) {
                return; // the end of a user who is erased, behind the removal
            }
            FeatureUpdate update = patience.decode(values, present(raw.value(), "value"));
            if (key instanceof FeatureKey.Partition != update instanceof FeatureUpdate.Watermark) {
                throw new IllegalArgumentException("a " + update.getClass().getSimpleName() + " under the key " + key);
            }
            entries.add(new Entry(raw, key, update));
        } catch (UndecodableException | IllegalArgumentException e) {
            broken.add(new Broken(
                    raw, key instanceof FeatureKey.User user ? user.id() : null, String.valueOf(e.getMessage())));
        }
    }

    private static byte[] present(byte @Nullable [] bytes, String what) {
        if (bytes == null) {
            throw new IllegalArgumentException("without a " + what);
        }
        return bytes;
    }
}
