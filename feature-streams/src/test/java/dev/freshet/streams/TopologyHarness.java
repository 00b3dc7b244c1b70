package dev.freshet.streams;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.StateStore;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.record.DeadLetter;

/** The real topology on Kafka's test driver: one partition, real RocksDB. A second harness on the state that it leaves resumes. */
final class TopologyHarness implements AutoCloseable {
    /** One entry of the features topic; null at the end of an erased user. */
    record Emitted(FeatureKey key, @Nullable FeatureUpdate update) {}

    static final int SLICE = 50;
    private static final LogReader START =
            (partition, from) -> new LogReader.Reading(0, Long.MAX_VALUE, false, offset -> false);

    static final Generation GENERATION =
            new Generation(1, GenerationState.BUILDING, 0, new Generation.Log(1, 1, "test"), true, "");

    private final FeatureJob job =
            FeatureJob.of(new Names("test"), GENERATION, Catalogue.standard(), SLICE, registry());
    private final StreamsMonitor monitor = new StreamsMonitor();
    private final AdvancedTime time = new AdvancedTime();
    private final Path stateDirectory;
    private boolean hasLeft;
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> changes;
    private final TestOutputTopic<byte[], byte[]> features;
    private final TestOutputTopic<byte[], byte[]> deadLetters;

    TopologyHarness(Path stateDirectory) {
        this(stateDirectory, Duration.ZERO);
    }

    /** @param later than now, by its clock */
    TopologyHarness(Path stateDirectory, Duration later) {
        time.advance(later);
        this.stateDirectory = stateDirectory;
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:9");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        driver = new TopologyTestDriver(
                FeatureTopology.of(
                        job, new LogSchemas(job.codecs().changes(), time), partition -> 0, START, monitor.log(1), time),
                properties);
        changes = driver.createInputTopic(job.changesTopic(), new ByteArraySerializer(), new ByteArraySerializer());
        features =
                driver.createOutputTopic(job.featuresTopic(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        deadLetters = driver.createOutputTopic(
                job.deadLettersTopic(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static SchemaRegistryClient registry() {
        return new MockSchemaRegistryClient() {
            @Override
            public ParsedSchema getSchemaById(int id) throws IOException, RestClientException {
                try {
                    return super.getSchemaById(id);
                } catch (IOException e) {
                    throw new RestClientException("Schema " + id + " not found", 404, 40_403); // as a real one says it
                }
            }
        };
    }

    /** Ends it, and leaves its state there: a driver that is closed deletes its own. */
    void leaveState(Path to) throws IOException {
        hasLeft = true;
        driver.getAllStateStores().values().forEach(StateStore::close);
        List<Path> all;
        try (Stream<Path> walk = Files.walk(stateDirectory)) {
            all = walk.toList();
        }
        for (Path path : all) {
            Files.copy(path, to.resolve(stateDirectory.relativize(path)), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    void passes(Duration duration) {
        time.advance(duration);
    }

    void row(ChangeKey.Row key, Change.@Nullable Body body) {
        pipe(key, body == null ? null : new Change(0, 0, body));
    }

    void control(ChangeKey.Control control) {
        pipe(control, new Change(0, 0, Change.CONTROL));
    }

    void tick(long lsn, long micros) {
        pipe(ChangeKey.Control.TICK, new Change(lsn, micros, Change.CONTROL));
    }

    void pipe(ChangeKey key, @Nullable Change value) {
        raw(
                job.codecs().changeKeys().encode(key),
                value == null ? null : job.codecs().changes().encode(value));
    }

    void raw(byte @Nullable [] key, byte @Nullable [] value) {
        changes.pipeInput(key, value);
    }

    void raw(byte[] key, byte[] value, Instant written) {
        changes.pipeInput(key, value, written);
    }

    List<Emitted> emitted() {
        List<Emitted> emitted = new ArrayList<>();
        features.readRecordsToList()
                .forEach(entry -> emitted.add(new Emitted(
                        job.codecs().featureKeys().decode(entry.key()),
                        entry.value() == null
                                ? null
                                : job.codecs().featureUpdates().decode(entry.value()))));
        return emitted;
    }

    List<DeadLetter> deadLetters() {
        return deadLetters.readValuesToList().stream()
                .map(job.codecs().deadLetters()::decode)
                .toList();
    }

    /** How many partitions are told as held. */
    double heldPartitions() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        monitor.measure(meters);
        return meters.get("freshet.held.partitions").gauge().value();
    }

    FeatureJob job() {
        return job;
    }

    @Override
    public void close() {
        if (!hasLeft) {
            driver.close();
        }
    }
}
