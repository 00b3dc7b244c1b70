package dev.freshet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.debezium.config.Configuration;
import io.debezium.config.Field;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.embedded.EmbeddedEngineConfig;
import io.debezium.embedded.async.AsyncEngineConfig;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;

import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.FreshetConfig;

/** Bad inputs, row 25, against the Debezium that is used: which of its keys the operator may set. */
class EnginePropertiesTest {
    /** Looked at one by one: no promise rests on them. A new Debezium brings new keys, which are to be looked at too. */
    private static final Set<String> PASSED_ON = Set.of(
            "connection.validation.timeout.ms",
            "custom.sanitize.pattern",
            "database.sslcert",
            "database.sslfactory",
            "database.sslkey",
            "database.sslmode",
            "database.sslpassword",
            "database.sslrootcert",
            "database.tcpKeepAlive",
            "executor.shutdown.timeout.ms",
            "guardrail.collections.limit.action",
            "guardrail.collections.max",
            "max.queue.size.in.bytes",
            "memory.management.schemas.class",
            "memory.management.tables.class",
            "notification.enabled.channels",
            "notification.http.allow.private.networks",
            "notification.http.retries",
            "notification.http.timeout.ms",
            "notification.http.url",
            "notification.sink.topic.name",
            "openlineage.integration.config.file.path",
            "openlineage.integration.dataset.kafka.bootstrap.servers",
            "openlineage.integration.enabled",
            "openlineage.integration.job.description",
            "openlineage.integration.job.namespace",
            "openlineage.integration.job.owners",
            "openlineage.integration.job.tags",
            "query.fetch.size",
            "slot.failover",
            "snapshot.delay.ms",
            "snapshot.fetch.size",
            "snapshot.lock.timeout.ms",
            "statistics.metrics.enabled",
            "status.update.interval.ms",
            "streaming.delay.ms",
            "xmin.fetch.interval.ms");

    /** The same for PostgreSQL's driver. */
    private static final Set<String> PASSED_TO_THE_DRIVER = Set.of(
            "ApplicationName",
            "adaptiveFetch",
            "adaptiveFetchMaximum",
            "adaptiveFetchMinimum",
            "allowEncodingChanges",
            "authenticationPluginClassName",
            "autosave",
            "binaryTransfer",
            "binaryTransferDisable",
            "binaryTransferEnable",
            "cancelSignalTimeout",
            "channelBinding",
            "classLoaderStrategy",
            "cleanupSavepoints",
            "connectExecutor",
            "connectExecutorArg",
            "connectTimeout",
            "currentSchema",
            "databaseMetadataCacheFields",
            "databaseMetadataCacheFieldsMiB",
            "defaultRowFetchSize",
            "disableColumnSanitiser",
            "escapeSyntaxCallMode",
            "flushCacheOnDdl",
            "groupStartupParameters",
            "gssEncMode",
            "gssResponseTimeout",
            "gssUseDefaultCreds",
            "gsslib",
            "hideUnprivilegedObjects",
            "hostRecheckSeconds",
            "jaasApplicationName",
            "jaasLogin",
            "kerberosServerName",
            "localSocketAddress",
            "logServerErrorDetail",
            "logUnclosedConnections",
            "loggerFile",
            "loggerLevel",
            "loginTimeout",
            "maxResultBuffer",
            "maxSendBufferSize",
            "pemKeyAlgorithm",
            "prepareThreshold",
            "preparedStatementCacheQueries",
            "preparedStatementCacheSizeMiB",
            "protocolVersion",
            "quoteReturningIdentifiers",
            "reWriteBatchedInserts",
            "reWriteBatchedInsertsSize",
            "receiveBufferSize",
            "requireAuth",
            "scramMaxIterations",
            "sendBufferSize",
            "socketFactory",
            "socketFactoryArg",
            "socketTimeout",
            "ssl",
            "sslNegotiation",
            "sslResponseTimeout",
            "sslcert",
            "sslfactory",
            "sslfactoryarg",
            "sslhostnameverifier",
            "sslkey",
            "sslmode",
            "sslpassword",
            "sslpasswordcallback",
            "sslrootcert",
            "sspiServiceClass",
            "stringtype",
            "tcpKeepAlive",
            "tcpNoDelay",
            "unknownLength",
            "useSpnego",
            "xmlFactoryFactory");

    private static FreshetConfig config(Map<String, String> engine) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "source.url", "jdbc:postgresql://shop/orders?sslmode=require",
                "source.user", "reader",
                "target.url", "jdbc:postgresql://features/ml",
                "target.user", "writer",
                "kafka.bootstrap.servers", "broker:9092",
                "schema.registry.url", "http://registry:8081"));
        engine.forEach((key, value) -> settings.put("ingest.properties." + key, value));
        return FreshetConfig.of(settings);
    }

    private static Properties properties(Map<String, String> engine) {
        return properties(engine, 1, false);
    }

    private static Properties properties(Map<String, String> engine, int log, boolean isBuild) {
        FreshetConfig config = config(engine);
        return EngineProperties.of(
                config.names(),
                config.source().login(),
                PreflightIT.MAPPING,
                config.ingest().engine(),
                new CaptureEngine.Reading(log, isBuild, "?", new CommittedOffsets.Holder(null)));
    }

    @Test
    void aSecondEngineHasASlotAndMetricsOfItsOwnAndHalfTheHeap() {
        Properties live = properties(Map.of());
        Properties build = properties(Map.of(), 2, true);
        assertThat(live.getProperty("slot.name")).isEqualTo("freshet_slot");
        assertThat(build.getProperty("slot.name")).isEqualTo("freshet_slot_g2");
        assertThat(build.getProperty("custom.metric.tags")).isNotEqualTo(live.getProperty("custom.metric.tags"));
        assertThat(Long.parseLong(build.getProperty("max.queue.size.in.bytes")) * 2)
                .isCloseTo(Long.parseLong(live.getProperty("max.queue.size.in.bytes")), within(32L));
    }

    private static boolean isRefused(String key) {
        try {
            config(Map.of(key, "x"));
            return false;
        } catch (ConfigException e) {
            // Of others the value may be no good.
            return e.faults().get(0).toString().contains("ingest.properties." + key + " = 'x': remove it: ")
                    || e.faults().get(0).toString().contains("ingest.properties." + key + ": remove it: ");
        }
    }

    private static Set<String> keysOfDebezium() throws IllegalAccessException {
        Set<String> keys = new TreeSet<>(PostgresConnectorConfig.ALL_FIELDS.allFieldNames());
        for (Class<?> engine : new Class<?>[] {EmbeddedEngineConfig.class, AsyncEngineConfig.class}) {
            for (java.lang.reflect.Field field : engine.getFields()) {
                if (Modifier.isStatic(field.getModifiers()) && field.get(null) instanceof Field key) {
                    keys.add(key.name());
                }
            }
        }
        return keys;
    }

    @Test
    void everyKeyOfDebeziumsIsRefusedUnlessNoPromiseRestsOnIt() throws IllegalAccessException {
        assertThat(keysOfDebezium())
                .hasSizeGreaterThan(100)
                .filteredOn(key -> !isRefused(key))
                .containsExactlyInAnyOrderElementsOf(PASSED_ON);
    }

    @Test
    void whatFreshetSetsItselfIsRefused() {
        assertThat(properties(Map.of()).stringPropertyNames())
                .hasSizeGreaterThan(30)
                .filteredOn(key -> !isRefused(key))
                .as("but what the URL said, and bounds in bytes")
                .containsExactlyInAnyOrder("database.sslmode", "max.queue.size.in.bytes", "snapshot.fetch.size");
    }

    @Test
    void theOperatorsReachDebezium() {
        Map<String, String> own =
                Map.of("database.sslpassword", "s3cret", "snapshot.fetch.size", "7", "max.queue.size.in.bytes", "8");
        assertThat(properties(own)).containsAllEntriesOf(own).containsEntry("database.sslmode", "require");
    }

    /** Debezium merges the two. What of the driver's was overwritten would be so without a word. */
    @ParameterizedTest
    @ValueSource(strings = {"options", "user", "password", "hostname"})
    void whatIsForTheDriverCannotReplaceWhatFollowsFromTheSource(String key) {
        Configuration both = Configuration.from(
                Map.of("topic.prefix", "x", "database." + key, "freshet's", "driver." + key, "the operator's"));
        assertThat(new PostgresConnectorConfig(both).getJdbcConfig().getString(key))
                .isEqualTo("freshet's");
        assertThat(isRefused("driver." + key)).isTrue();
    }

    @Test
    void everyKeyOfTheDriversIsRefusedUnlessNoPromiseRestsOnIt() {
        assertThat(PGProperty.values())
                .extracting(PGProperty::getName)
                .allSatisfy(key -> assertThat(isRefused("database." + key)).isEqualTo(isRefused("driver." + key)))
                .filteredOn(key -> !isRefused("driver." + key))
                .containsExactlyInAnyOrderElementsOf(PASSED_TO_THE_DRIVER);
    }

    @ParameterizedTest
    @CsvSource({"snapshot.fetch.size, many", "slot.failover, perhaps", "max.queue.size.in.bytes, 1GB"})
    void whatDebeziumWouldNotTakeIsAFault(String key, String value) {
        assertThatThrownBy(() -> CaptureEngine.check().require(Map.of(key, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ingest.properties." + key + " = '" + value + "': write what Debezium takes: ");
        CaptureEngine.check().require(Map.of("snapshot.fetch.size", "100"));
    }
}
