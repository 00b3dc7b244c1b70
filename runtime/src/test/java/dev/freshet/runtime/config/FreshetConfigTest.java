package dev.freshet.runtime.config;

import static dev.freshet.runtime.config.ConfigFiles.LEAST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.schemas.catalogue.Aggregate;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.catalogue.FeatureDefinition;

class FreshetConfigTest {
    @TempDir
    Path directory;

    @Test
    void theLeastThatIsNeededGivesTheDefaults() throws IOException {
        FreshetConfig config = load(LEAST);
        assertThat(config.names().prefix()).isEqualTo("freshet");
        assertThat(config.catalogue()).isEqualTo(Catalogue.standard());
        assertThat(config.kafka().partitions()).isEqualTo(8);
        assertThat(config.source().login().host()).isEqualTo("shop");
        assertThat(config.source().login().port()).isEqualTo(5433);
        assertThat(config.source().login().database()).isEqualTo("orders");
        assertThat(config.target().login().port()).isEqualTo(5432);
        assertThat(config.source().orders().column("total")).isEqualTo("total");
        assertThat(config.target().historyRetention()).isEqualTo(Duration.ofDays(90));
        assertThat(config.streams().commitInterval()).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void nestedAndDottedKeysAreTheSame() throws IOException {
        FreshetConfig config = load(LEAST + """
                ingest: {tick: {interval.ms: 70}}
                sink:
                  max:
                    batch: 100
                source.orders.columns: {total: amount}
                """);
        assertThat(config.ingest().tickInterval()).isEqualTo(Duration.ofMillis(70));
        assertThat(config.sink().maxBatch()).isEqualTo(100);
        assertThat(config.source().orders().column("total")).isEqualTo("amount");
    }

    @Test
    void aKeyInBothFormsIsAFault() throws IOException {
        assertThat(faults(LEAST + "kafka: {bootstrap.servers: other:9092}\n"))
                .containsExactly("kafka.bootstrap.servers: is there twice: remove one");
    }

    @Test
    void readsFeaturesAsDefinitions() throws IOException {
        FreshetConfig config = load(LEAST + """
                features:
                  - {name: spent_90d, aggregate: sum, column: total, window: 90d}
                  - {name: orders_ever, aggregate: count}
                """);
        assertThat(config.catalogue().features())
                .containsExactly(
                        new FeatureDefinition("spent_90d", Aggregate.SUM, "total", Duration.ofDays(90)),
                        new FeatureDefinition("orders_ever", Aggregate.COUNT, null, null));
    }

    @Test
    void tellsAllFaultsAtOnceEachWithKeyValueAndCure() throws IOException {
        List<String> faults = faults("""
                name: My-Shop
                source: {url: 'mysql://shop/orders', user: freshet}
                target: {url: 'jdbc:postgresql://features/ml', schema: Public, history.retention: soon}
                kafka: {partitions: many, replication.factor: 0, properties: {acks: 1, linger.ms: 2}}
                schema.registry.url: registry:8081
                ingest: {poll.interval.ms: 0, max.queue.size: 10}
                streams: {commit.interval.ms: 100000, instance.id: 'a b'}
                sink: {max.batch: 0}
                features: [{name: n, aggregate: median}, {name: avg_total, aggregate: avg}]
                """);
        assertThat(faults)
                .containsExactlyInAnyOrder(
                        "name = 'My-Shop': write up to 40 small letters, digits and '_', beginning with a letter",
                        "source.url = 'mysql://shop/orders': write jdbc:postgresql://host:port/database",
                        "target.user: is missing: name the role to log in as (or set FRESHET_TARGET_USER)",
                        "target.schema = 'Public': write a name of the form [a-z][a-z0-9_]{0,62}",
                        "target.history.retention = 'soon': write a duration, as 90d, 12h, 30m, 10s, 500ms or P90D",
                        "schema.registry.url = 'registry:8081': write http://host:port, with the path of the registry's"
                                + " Confluent API if it has one",
                        "kafka.bootstrap.servers: is missing: write host:port of a broker"
                                + " (or set FRESHET_KAFKA_BOOTSTRAP_SERVERS)",
                        "kafka.partitions = 'many': write a whole number below 2^31, as 8",
                        "kafka.replication.factor = '0': write the number of brokers that hold each record,"
                                + " 3 in production",
                        "kafka.properties.acks = '1': remove it: every change counts exactly once",
                        "ingest.poll.interval.ms = '0': write milliseconds from 1 to 1000",
                        "ingest.max.queue.size = '10': write a number above ingest.max.batch.size, which is 2048",
                        "streams.commit.interval.ms = '100000': write milliseconds from 1 to 1000",
                        "streams.instance.id = 'a b': write letters, digits, '.', '_' and '-', distinct for each"
                                + " instance that runs at once",
                        "sink.max.batch = '0': write a number from 1 to 100000",
                        "features.0.aggregate = 'median': write one of count, sum, avg, last_date",
                        "features.1: feature avg_total: aggregate AVG needs a column of the form"
                                + " [a-z][a-z0-9_]{0,62}, not 'null'");
    }

    @Test
    void timesWithoutZoneAndCentsAreSettingsAndPartOfTheDefinition() throws IOException {
        FreshetConfig config =
                load(LEAST + "source.orders: {created.at: bought, created.at.type: timestamp, scale: {total: 2}}\n");
        assertThat(config.source().orders().createdAtType()).isEqualTo(TimeType.TIMESTAMP);
        assertThat(config.source().orders().scale("total")).isEqualTo(2);
        assertThat(config.definition())
                .startsWith("public.users(id); public.orders(id, user_id, bought timestamp, total=total / 10^2); ");
        assertThat(faults(LEAST + "source.orders: {created.at.type: date, scale: {total: 19, tax: two}}\n"))
                .containsExactly(
                        "source.orders.scale.tax = 'two': write a whole number, as 2 for cents",
                        "source.orders.scale.total = '19': write a number from 0 to 18",
                        "source.orders.created.at.type = 'date': write one of timestamptz, timestamp");
    }

    @Test
    void aFilterIsReadAndPartOfTheDefinition() throws IOException {
        FreshetConfig config = load(LEAST + "source.orders.where: status <> 'cancelled'\n");
        assertThat(config.source().orders().where().columns()).containsExactly("status");
        assertThat(config.definition()).contains("total=total) where status <> 'cancelled'; ");
        assertThat(faults(LEAST + "source.orders.where: total > 5\n"))
                .singleElement()
                .asString()
                .startsWith("source.orders.where = 'total > 5': at 7, > 5 is not understood; write comparisons");
    }

    @Test
    void anUnknownKeyIsAFaultThatNamesTheNearestKnownOne() throws IOException {
        assertThat(faults(LEAST + "ingest.tick.intervall.ms: 3\ndashboard.port: 80\n"))
                .containsExactly(
                        "ingest.tick.intervall.ms: is not known: did you mean ingest.tick.interval.ms?",
                        "dashboard.port: is not known: remove it");
    }

    @Test
    void theEnvironmentOverridesByRule() throws IOException {
        FreshetConfig config = FreshetConfig.load(
                file(LEAST + "kafka.properties: {security.protocol: PLAINTEXT}\n"),
                Map.of(
                        "FRESHET_KAFKA_BOOTSTRAP_SERVERS", "other:9093",
                        "FRESHET_SOURCE_ORDERS_COLUMNS_UNIT_PRICE", "price",
                        "FRESHET_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "SSL",
                        "FRESHET_KAFKA_PROPERTIES_LINGER_MS", "1",
                        "FRESHET_SINK_PORT_8080_TCP", "tcp://10.0.0.1:8080",
                        "PATH", "/bin"));
        assertThat(config.kafka().bootstrapServers()).isEqualTo("other:9093");
        assertThat(config.source().orders().columns()).containsExactly(Map.entry("unit_price", "price"));
        assertThat(config.kafka().properties())
                .containsOnly(Map.entry("security.protocol", "SSL"), Map.entry("linger.ms", "1"));
    }

    @Test
    void whatTheEnvironmentSetsIsCheckedToo() throws IOException {
        Path file = file(LEAST);
        ConfigException thrown = catchThrowableOfType(
                ConfigException.class,
                () -> FreshetConfig.load(file, Map.of("FRESHET_KAFKA_PROPERTIES_CONSUMER_ISOLATION_LEVEL", "x")));
        assertThat(thrown).hasMessageContaining("kafka.properties.consumer.isolation.level");
    }

    @Test
    void aPasswordComesFromAFileAndIsNeverPrinted() throws IOException {
        Path password =
                ConfigFiles.mode("rw-r-----", Files.writeString(directory.resolve("password"), "from a file\n"));
        FreshetConfig config = load(LEAST.replaceFirst("password: s3cret", "password.file: '" + password + "'")
                + "kafka.properties: {sasl.jaas.config: s3cret}\n"
                + "ingest.properties: {database.sslpassword: s3cret}\n");
        assertThat(config.source().login().password().reveal()).isEqualTo("from a file");
        assertThat(config.target().login().password().reveal()).isEqualTo("s3cret");
        assertThat(config.toString()).doesNotContain("s3cret", "from a file");
    }

    @Test
    void aPasswordInTheUrlIsRefusedAndNotRepeated() throws IOException {
        for (String url : List.of(
                "jdbc:postgresql://shop/orders?ssl=true&password=s3cret", "jdbc:postgresql://me:s3cret@shop/orders")) {
            List<String> faults = faults(LEAST.replace("jdbc:postgresql://shop:5433/orders", url));
            assertThat(faults).singleElement().asString().startsWith("source.url: holds a password");
            assertThat(faults.toString()).doesNotContain("s3cret");
        }
    }

    @Test
    void onlyWhoNeedsTheStateDirectoryMissesIt() throws IOException {
        FreshetConfig config = load(LEAST);
        ConfigException thrown = catchThrowableOfType(
                ConfigException.class, () -> config.streams().requireStateDir());
        assertThat(thrown.faults()).singleElement().extracting(Fault::key).isEqualTo("streams.state.dir");
        Path file = file(LEAST);
        assertThat(catchThrowableOfType(
                        ConfigException.class, () -> FreshetConfig.loadForStreams(file, Map.of(), List.of())))
                .hasMessageContaining("streams.state.dir: is missing: name a directory");
    }

    @Test
    void whereTheSystemCleansUpOnlyThoseWhoComputeMayNotKeepTheirState() throws IOException {
        Path file = file(LEAST + "streams.state.dir: /var/../tmp/state\n");
        assertThat(FreshetConfig.load(file, Map.of()).streams().stateDir()).isEqualTo(Path.of("/tmp/state"));
        assertThat(catchThrowableOfType(
                                ConfigException.class, () -> FreshetConfig.loadForStreams(file, Map.of(), List.of()))
                        .faults())
                .singleElement()
                .asString()
                .startsWith("streams.state.dir = '/var/../tmp/state': is cleared by the system");
    }

    private FreshetConfig load(String yaml) throws IOException {
        return new ConfigFiles(directory).load(yaml);
    }

    private List<String> faults(String yaml) throws IOException {
        return new ConfigFiles(directory).faults(yaml);
    }

    private Path file(String yaml) throws IOException {
        return new ConfigFiles(directory).file(yaml);
    }
}
