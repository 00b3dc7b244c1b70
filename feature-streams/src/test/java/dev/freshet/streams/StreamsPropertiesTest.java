package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.FreshetConfig;

/** Bad inputs, row 25, against the Kafka that is used: which of its keys the operator may set. */
class StreamsPropertiesTest {
    /** Looked at one by one: no promise rests on them. A new Kafka brings new keys, which are to be looked at too. */
    private static final Set<String> PASSED_ON = Set.of(
            "acceptable.recovery.lag",
            "allow.os.group.write.access",
            "application.server",
            "auto.commit.interval.ms",
            "batch.size",
            "buffer.memory",
            "buffered.records.per.partition",
            "built.in.metrics.version",
            "client.dns.lookup",
            "client.rack",
            "compression.gzip.level",
            "compression.lz4.level",
            "compression.type",
            "compression.zstd.level",
            "config.providers",
            "connections.max.idle.ms",
            "default.api.timeout.ms",
            "delivery.timeout.ms",
            "enable.metrics.push",
            "exclude.internal.topics",
            "fetch.max.bytes",
            "fetch.max.wait.ms",
            "fetch.min.bytes",
            "linger.ms",
            "log.summary.interval.ms",
            "max.block.ms",
            "max.in.flight.requests.per.connection",
            "max.partition.fetch.bytes",
            "max.poll.interval.ms",
            "max.request.size",
            "max.task.idle.ms",
            "max.warmup.replicas",
            "metadata.max.age.ms",
            "metadata.max.idle.ms",
            "metadata.recovery.rebootstrap.trigger.ms",
            "metadata.recovery.strategy",
            "metric.reporters",
            "metrics.num.samples",
            "metrics.recording.level",
            "metrics.sample.window.ms",
            "partitioner.adaptive.partitioning.enable",
            "partitioner.availability.timeout.ms",
            "probing.rebalance.interval.ms",
            "rack.aware.assignment.non_overlap_cost",
            "rack.aware.assignment.strategy",
            "rack.aware.assignment.tags",
            "rack.aware.assignment.traffic_cost",
            "receive.buffer.bytes",
            "reconnect.backoff.max.ms",
            "reconnect.backoff.ms",
            "repartition.purge.interval.ms",
            "request.timeout.ms",
            "retries",
            "retry.backoff.max.ms",
            "retry.backoff.ms",
            "sasl.client.callback.handler.class",
            "sasl.jaas.config",
            "sasl.kerberos.kinit.cmd",
            "sasl.kerberos.min.time.before.relogin",
            "sasl.kerberos.service.name",
            "sasl.kerberos.ticket.renew.jitter",
            "sasl.kerberos.ticket.renew.window.factor",
            "sasl.login.callback.handler.class",
            "sasl.login.class",
            "sasl.login.connect.timeout.ms",
            "sasl.login.read.timeout.ms",
            "sasl.login.refresh.buffer.seconds",
            "sasl.login.refresh.min.period.seconds",
            "sasl.login.refresh.window.factor",
            "sasl.login.refresh.window.jitter",
            "sasl.login.retry.backoff.max.ms",
            "sasl.login.retry.backoff.ms",
            "sasl.mechanism",
            "sasl.oauthbearer.assertion.algorithm",
            "sasl.oauthbearer.assertion.claim.aud",
            "sasl.oauthbearer.assertion.claim.exp.seconds",
            "sasl.oauthbearer.assertion.claim.iss",
            "sasl.oauthbearer.assertion.claim.jti.include",
            "sasl.oauthbearer.assertion.claim.nbf.seconds",
            "sasl.oauthbearer.assertion.claim.sub",
            "sasl.oauthbearer.assertion.file",
            "sasl.oauthbearer.assertion.private.key.file",
            "sasl.oauthbearer.assertion.private.key.passphrase",
            "sasl.oauthbearer.assertion.template.file",
            "sasl.oauthbearer.client.credentials.client.id",
            "sasl.oauthbearer.client.credentials.client.secret",
            "sasl.oauthbearer.clock.skew.seconds",
            "sasl.oauthbearer.expected.audience",
            "sasl.oauthbearer.expected.issuer",
            "sasl.oauthbearer.header.urlencode",
            "sasl.oauthbearer.jwks.endpoint.refresh.ms",
            "sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms",
            "sasl.oauthbearer.jwks.endpoint.retry.backoff.ms",
            "sasl.oauthbearer.jwks.endpoint.url",
            "sasl.oauthbearer.jwt.retriever.class",
            "sasl.oauthbearer.jwt.validator.class",
            "sasl.oauthbearer.scope",
            "sasl.oauthbearer.scope.claim.name",
            "sasl.oauthbearer.sub.claim.name",
            "sasl.oauthbearer.token.endpoint.url",
            "security.protocol",
            "security.providers",
            "send.buffer.bytes",
            "share.acknowledgement.mode",
            "share.acquire.mode",
            "socket.connection.setup.timeout.max.ms",
            "socket.connection.setup.timeout.ms",
            "ssl.cipher.suites",
            "ssl.enabled.protocols",
            "ssl.endpoint.identification.algorithm",
            "ssl.engine.factory.class",
            "ssl.key.password",
            "ssl.keymanager.algorithm",
            "ssl.keystore.certificate.chain",
            "ssl.keystore.key",
            "ssl.keystore.location",
            "ssl.keystore.password",
            "ssl.keystore.type",
            "ssl.protocol",
            "ssl.provider",
            "ssl.secure.random.implementation",
            "ssl.trustmanager.algorithm",
            "ssl.truststore.certificates",
            "ssl.truststore.location",
            "ssl.truststore.password",
            "ssl.truststore.type",
            "state.cleanup.delay.ms",
            "state.cleanup.dir.max.age.ms",
            "task.assignor.class",
            "task.timeout.ms",
            "topology.optimization",
            "upgrade.from",
            "window.size.ms",
            "windowed.inner.class.serde",
            "windowstore.changelog.additional.retention.ms");

    private static FreshetConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "source.url", "jdbc:postgresql://shop/orders",
                "source.user", "reader",
                "target.url", "jdbc:postgresql://features/ml",
                "target.user", "writer",
                "kafka.bootstrap.servers", "broker:9092",
                "schema.registry.url", "http://registry:8081",
                "streams.state.dir", "/var/lib/freshet"));
        all.putAll(settings);
        return FreshetConfig.of(all);
    }

    private static Map<String, Object> properties(Map<String, String> settings) {
        return StreamsProperties.of(config(settings), 3);
    }

    private static boolean isRefused(String key) {
        try {
            config(Map.of("kafka.properties." + key, "x"));
            return false;
        } catch (ConfigException e) {
            // Of others the value may be no good.
            return e.faults().get(0).cure().startsWith("remove it: ");
        }
    }

    @Test
    void everyKeyOfKafkasIsRefusedUnlessNoPromiseRestsOnIt() {
        Set<String> keys = new TreeSet<>();
        Stream.of(
                        AdminClientConfig.configDef(),
                        ConsumerConfig.configDef(),
                        ProducerConfig.configDef(),
                        StreamsConfig.configDef())
                .map(ConfigDef::names)
                .forEach(keys::addAll);
        assertThat(keys)
                .hasSizeGreaterThan(150)
                .filteredOn(key -> !isRefused(key))
                .containsExactlyInAnyOrderElementsOf(PASSED_ON);
    }

    @Test
    void whatFreshetSetsItselfIsRefusedUnlessItIsADefault() {
        assertThat(properties(Map.of()).keySet())
                .hasSizeGreaterThan(15)
                .filteredOn(key -> !isRefused(key))
                .containsExactlyInAnyOrder(
                        "producer.linger.ms", "producer.compression.type", "producer.retry.backoff.ms");
    }

    @Test
    void aPromiseRestsOnThese() {
        assertThat(properties(Map.of(
                        "streams.num.standby.replicas", "2",
                        "streams.instance.id", "one",
                        "streams.session.timeout.ms", "8000",
                        "streams.commit.interval.ms", "30",
                        "kafka.replication.factor", "3")))
                .containsEntry("application.id", "freshet.features-job.g3")
                .containsEntry("processing.guarantee", "exactly_once_v2")
                .containsEntry("num.standby.replicas", 2)
                .containsEntry("rocksdb.config.setter", BoundedRocksDb.class)
                .containsEntry("main.consumer.group.instance.id", "one")
                .containsEntry("main.consumer.session.timeout.ms", 8_000)
                .containsEntry("main.consumer.heartbeat.interval.ms", 800)
                .containsEntry("commit.interval.ms", 30L)
                .containsEntry("poll.ms", 30L)
                .containsEntry("replication.factor", 3)
                .containsEntry("producer.linger.ms", 5)
                .containsEntry("producer.retry.backoff.ms", 5)
                .containsEntry("producer.compression.type", "snappy");
    }

    @Test
    void theOperatorsReachTheProducersOfKafkaStreams() {
        Map<String, Object> forProducers = producer(Map.of(
                "kafka.properties.producer.linger.ms", "7", "kafka.properties.producer.compression.type", "zstd"));
        assertThat(forProducers).containsEntry("linger.ms", "7").containsEntry("compression.type", "zstd");
        Map<String, Object> forAll =
                producer(Map.of("kafka.properties.linger.ms", "7", "kafka.properties.compression.type", "zstd"));
        assertThat(forAll).containsEntry("linger.ms", "7").containsEntry("compression.type", "zstd");
    }

    private static Map<String, Object> producer(Map<String, String> settings) {
        return new StreamsConfig(properties(settings)).getProducerConfigs("test");
    }
}
