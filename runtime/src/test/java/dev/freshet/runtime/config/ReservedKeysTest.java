package dev.freshet.runtime.config;

import static dev.freshet.runtime.config.ConfigFiles.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs, row 25: what the libraries would take, and a promise would not outlive. All else is passed on. */
class ReservedKeysTest {
    @TempDir
    Path directory;

    private ConfigFiles files;

    @BeforeEach
    void setUp() {
        files = new ConfigFiles(directory);
    }

    @ParameterizedTest
    @CsvSource({
        "snapshot.mode, never, rows would be missing",
        "snapshot.mode, no_data, rows would be missing",
        "snapshot.isolation.mode, read_uncommitted, rows would be missing",
        "snapshot.max.threads, 4, rows would be missing",
        "skipped.operations, t, changes would be lost without a word",
        "skip.messages.without.change, true, changes would be lost without a word",
        "tombstones.on.delete, true, changes would be lost without a word",
        "event.processing.failure.handling.mode, skip, changes would be lost without a word",
        "event.processing.failure.handling.mode, warn, changes would be lost without a word",
        "event.converting.failure.handling.mode, warn, changes would be lost without a word",
        "offset.storage, org.apache.kafka.connect.storage.FileOffsetBackingStore, the position is kept in Kafka",
        "offset.storage.file.filename, /var/offsets, the position is kept in Kafka",
        "offset.flush.interval.ms, 60000, the position is kept in Kafka",
        "internal.log.position.check.enable, false, the position is kept in Kafka",
        "plugin.name, decoderbufs, it follows from name",
        "publication.name, other, it follows from name",
        "publication.autocreate.mode, all_tables, it follows from name",
        "slot.name, other, it follows from name",
        "custom.metric.tags, a=b, it follows from name",
        "slot.drop.on.stop, true, changes would be lost without a word",
        "lsn.flush.mode, connector_and_driver, the slot may only be confirmed",
        "flush.lsn.source, false, the slot may only be confirmed",
        "decimal.handling.mode, double, Freshet reads values in one form",
        "time.precision.mode, connect, Freshet reads values in one form",
        "unavailable.value.placeholder, x, Freshet reads values in one form",
        "provide.transaction.metadata, true, Freshet reads values in one form",
        "transforms, unwrap, Freshet reads values in one form",
        "transforms.unwrap.type, x, Freshet reads values in one form",
        "column.mask.with.8.chars, total, what is captured follows from",
        "column.exclude.list, total, what is captured follows from",
        "table.exclude.list, orders, what is captured follows from",
        "schema.include.list, other, what is captured follows from",
        "heartbeat.interval.ms, 0, it is ingest.heartbeat.interval.ms",
        "heartbeat.action.query, DELETE FROM orders, the end of a transaction",
        "errors.max.retries, 5, the engine would send again",
        "database.initial.statements, DELETE FROM orders, a statement of yours",
        "database.hostname, other, it follows from source.url",
        "driver.options, -c row_security=on, it follows from source.url",
        "driver.user, other, it follows from source.url",
        "driver.query.timeout.ms, 1, a snapshot takes as long as it takes"
    })
    void ofDebezium(String key, String value, String risk) throws IOException {
        refused("ingest.properties", key, value, risk);
    }

    @ParameterizedTest
    @CsvSource({
        "processing.guarantee, at_least_once, every change counts exactly once",
        "isolation.level, read_uncommitted, every change counts exactly once",
        "consumer.isolation.level, read_uncommitted, every change counts exactly once",
        "enable.idempotence, false, every change counts exactly once",
        "producer.acks, 1, every change counts exactly once",
        "transactional.id, mine, every change counts exactly once",
        "key.serializer, x, records are read and written in our own format",
        "producer.value.serializer, x, records are read and written in our own format",
        "main.consumer.interceptor.classes, x, records are read and written in our own format",
        "default.timestamp.extractor, x, records are read and written in our own format",
        "default.deserialization.exception.handler, LogAndContinue, a record that cannot be used would be lost",
        "deserialization.exception.handler, LogAndContinue, a record that cannot be used would be lost",
        "production.exception.handler, Continue, a record that cannot be used would be lost",
        "processing.exception.handler, Continue, a record that cannot be used would be lost",
        "enable.auto.commit, true, positions are kept beside",
        "consumer.auto.offset.reset, latest, positions are kept beside",
        "restore.consumer.group.id, x, positions are kept beside",
        "topic.cleanup.policy, delete, what streams keeps in Kafka is all of its state",
        "topic.retention.ms, 1000, what streams keeps in Kafka is all of its state",
        "partitioner.class, RoundRobin, all of a user's changes meet in one partition",
        "group.protocol, consumer, static members of the classic protocol",
        "consumer.max.poll.records, 1, it is sink.max.batch",
        "producer.transaction.timeout.ms, 600000, 'for as long, what a killed instance left open keeps readers waiting'",
        "check.crcs, false, a damaged record would be taken for a good one",
        "processor.wrapper.class, x, records are read and written in our own format",
        "statestore.cache.max.bytes, 1, the memory of the state is bounded",
        "replication.factor, 1, it is kafka.replication.factor"
    })
    void ofKafka(String key, String value, String risk) throws IOException {
        refused("kafka.properties", key, value, risk);
    }

    @ParameterizedTest
    @CsvSource({
        "schema.registry.url, http://other, it is schema.registry.url",
        "missing.id.cache.ttl.sec, 60, a schema that is missing is asked for again",
        "auto.register.schemas, false, schemas",
        "value.subject.name.strategy, RecordNameStrategy, schemas"
    })
    void ofTheRegistrysClient(String key, String value, String risk) throws IOException {
        refused("schema.registry.properties", key, value, risk);
    }

    private void refused(String section, String key, String value, String risk) throws IOException {
        assertThat(files.faults(LEAST + section + ": {" + key + ": '" + value + "'}\n"))
                .singleElement()
                .asString()
                .startsWith(section + "." + key + " = '" + value + "': remove it: " + risk);
    }

    @Test
    void whatIsNotRefusedIsPassedOn() throws IOException {
        Path trust = Files.createFile(directory.resolve("trust"));
        FreshetConfig config = files.load(LEAST + """
                kafka.properties:
                  security.protocol: SASL_SSL
                  sasl.mechanism: SCRAM-SHA-512
                  sasl.jaas.config: org.apache.kafka.common.security.scram.ScramLoginModule required;
                  ssl.truststore.location: %1$s
                  producer.compression.type: zstd
                  consumer.fetch.min.bytes: 9
                schema.registry.properties:
                  basic.auth.credentials.source: USER_INFO
                  basic.auth.user.info: me:s3cret
                  schema.registry.ssl.truststore.location: %1$s
                ingest.properties:
                  database.sslmode: verify-full
                  database.sslrootcert: %1$s
                  driver.socketTimeout: 60
                  slot.failover: true
                  max.queue.size.in.bytes: 100000000
                """.formatted(trust));
        assertThat(config.kafka().properties()).hasSize(6).containsEntry("producer.compression.type", "zstd");
        assertThat(config.registry().properties()).hasSize(3).containsEntry("basic.auth.user.info", "me:s3cret");
        assertThat(config.ingest().engine().properties())
                .hasSize(5)
                .containsEntry("database.sslmode", "verify-full")
                .containsEntry("slot.failover", "true");
    }

    /** PostgreSQL's driver takes what it does not know without a word. */
    @Test
    void aKeyThatTheDriverDoesNotKnow() throws IOException {
        assertThat(files.faults(LEAST + "ingest.properties.driver.sockettimeout: 60\n"))
                .containsExactly(
                        "ingest.properties.driver.sockettimeout = '60': is not known to PostgreSQL's driver: did"
                                + " you mean driver.socketTimeout?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "linger.ms: soon",
                "security.protocol: TLS",
                "producer.compression.type: best",
                "consumer.fetch.min.bytes: -1",
                "admin.request.timeout.ms: 99999999999"
            })
    void aValueThatKafkaWouldNotTake(String property) throws IOException {
        List<String> faults = files.faults(LEAST + "kafka.properties: {" + property + "}\n");
        assertThat(faults)
                .singleElement()
                .asString()
                .startsWith("kafka.properties." + property.replace(": ", " = '") + "': write what Kafka takes: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.properties.ssl.truststore.location",
                "kafka.properties.producer.ssl.keystore.location",
                "schema.registry.properties.schema.registry.ssl.truststore.location",
                "ingest.properties.database.sslrootcert"
            })
    void aCertificateThatCannotBeRead(String key) throws IOException {
        for (Path file : List.of(directory.resolve("absent"), directory)) {
            assertThat(files.faults(LEAST + key + ": " + file + "\n"))
                    .containsExactly(key + " = '" + file + "': name a file that this user may read");
        }
    }

    @Test
    void aPlaceholderIsForKafkaToFillIn() throws IOException {
        String yaml = "kafka.properties: {linger.ms: '${env:LINGER}', ssl.truststore.location: '${env:TRUST}'}\n";
        assertThat(files.load(LEAST + yaml).kafka().properties()).containsEntry("linger.ms", "${env:LINGER}");
    }
}
