package dev.freshet.sink;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.UserPartition;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.RegistryAvro;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.feature.FeatureUpdate.Removal;
import dev.freshet.schemas.feature.FeatureUpdate.Row;
import dev.freshet.schemas.feature.FeatureUpdate.Watermark;
import dev.freshet.schemas.feature.FeatureValue;

/** Writes a generation's features topic as the stream job does: in transactions, each user in its partition. */
final class FeaturesTopic implements AutoCloseable {
    private final String topic;
    private final int partitions;
    private final RegistryAvro<FeatureUpdate> values;
    private final KafkaProducer<byte[], byte[]> producer;

    FeaturesTopic(FreshetConfig config, SchemaRegistryClient registry, int generation) {
        topic = config.names().features(generation);
        partitions = config.kafka().partitions();
        values = new RegistryAvro<>(registry, Names.subject(topic), FreshetAvro.featureUpdates(config.catalogue()));
        values.register();
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        config.kafka().bootstrapServers(),
                        "transactional.id",
                        topic,
                        "linger.ms",
                        0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
    }

    /** The row of version v counts v orders and was computed v seconds after the epoch. */
    FeaturesTopic row(long user, long version) {
        return row(user, version, version);
    }

    FeaturesTopic row(long user, long version, long count) {
        return user(
                user,
                new Row(
                        version,
                        version * 1_000_000,
                        null,
                        false,
                        List.of(
                                new FeatureValue.Count(count),
                                new FeatureValue.Count(count),
                                new FeatureValue.Amount(Numeric.of(BigDecimal.ONE)),
                                new FeatureValue.Day(LocalDate.of(2026, 3, 31)))));
    }

    FeaturesTopic removal(long user, long version) {
        return user(user, new Removal(version, version * 1_000_000));
    }

    /** The end of an erased user. */
    FeaturesTopic erased(long user) {
        return send(partition(user), new FeatureKey.User(Id.of(user)), null);
    }

    private FeaturesTopic user(long user, FeatureUpdate update) {
        return send(partition(user), new FeatureKey.User(Id.of(user)), values.encode(update));
    }

    /** Bytes that are no update. */
    FeaturesTopic garbage(long user) {
        return send(partition(user), new FeatureKey.User(Id.of(user)), new byte[] {9, 9, 9});
    }

    /** A removal whose cause is in the change log since then. */
    FeaturesTopic removalWritten(Instant written, long user, long version) {
        byte[] key = FreshetAvro.featureKeys().encode(new FeatureKey.User(Id.of(user)));
        byte[] value = values.encode(new Removal(version, version * 1_000_000));
        producer.send(new ProducerRecord<>(topic, partition(user), written.toEpochMilli(), key, value));
        return this;
    }

    /** Bytes that name a schema which the registry does not know. */
    FeaturesTopic ofUnknownSchema(long user, Instant written) {
        byte[] key = FreshetAvro.featureKeys().encode(new FeatureKey.User(Id.of(user)));
        byte[] value = {0, 0x7F, 0, 0, 1, 9};
        producer.send(new ProducerRecord<>(topic, partition(user), written.toEpochMilli(), key, value));
        return this;
    }

    FeaturesTopic watermark(int partition, long version) {
        return send(
                partition,
                new FeatureKey.Partition(partition),
                values.encode(new Watermark(version, version * 1_000_000, version)));
    }

    FeaturesTopic watermarks(long version) {
        for (int partition = 0; partition < partitions; partition++) {
            watermark(partition, version);
        }
        return this;
    }

    private FeaturesTopic send(int partition, FeatureKey key, byte @Nullable [] value) {
        byte[] keyBytes = FreshetAvro.featureKeys().encode(key);
        producer.send(new ProducerRecord<>(topic, partition, keyBytes, value));
        return this;
    }

    int partition(long user) {
        return UserPartition.of(Id.of(user), partitions);
    }

    FeaturesTopic commit() {
        producer.flush();
        producer.commitTransaction();
        producer.beginTransaction();
        return this;
    }

    FeaturesTopic abort() {
        producer.abortTransaction();
        producer.beginTransaction();
        return this;
    }

    @Override
    public void close() {
        producer.abortTransaction();
        producer.close();
    }
}
