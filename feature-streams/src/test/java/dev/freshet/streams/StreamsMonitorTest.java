package dev.freshet.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.freshet.runtime.kafka.HangingTransactions.Hanging;
import dev.freshet.runtime.kafka.HangingTransactions.Open;
import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.monitoring.Reason.Code;

class StreamsMonitorTest {
    /** Of a deployment whose name is like the kind of a client. */
    private static final String CLIENT = "restored_shop.features-job.g3-one-StreamThread-";

    private final StreamsMonitor monitor = new StreamsMonitor();

    @Test
    void itIsReadyOnceEachGenerationThatIsWantedHasAJobThatRuns() {
        assertThat(codes()).containsExactly(Code.STARTING);
        monitor.wants(0);
        assertThat(codes()).containsExactly(Code.NO_GENERATION);
        monitor.wants(2);
        monitor.started(1, job(State.RUNNING));
        assertThat(codes()).containsExactly(Code.STARTING);
        monitor.started(2, job(State.RUNNING));
        assertThat(codes()).isEmpty();
        monitor.ended(2);
        assertThat(codes()).containsExactly(Code.STARTING);
        monitor.wants(1);
        assertThat(codes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "CREATED, REBALANCING",
        "REBALANCING, REBALANCING",
        "PENDING_SHUTDOWN, ENDED",
        "NOT_RUNNING, ENDED",
        "PENDING_ERROR, ENDED",
        "ERROR, ENDED"
    })
    void aJobThatDoesNotRunIsNamedWithItsGeneration(State state, Code code) {
        monitor.wants(2);
        monitor.started(1, job(State.RUNNING));
        monitor.started(2, job(state));
        assertThat(monitor.reasons()).containsExactly(new Reason(code, "the job of generation 2 is in state " + state));
    }

    @Test
    void aTransactionThatHangsIsNamedWithItsPlace() {
        monitor.wants(1);
        monitor.started(1, job(State.RUNNING));
        monitor.hanging(List.of(
                new Hanging(new Open(new TopicPartition("shop.features.g1", 2), 7, (short) 3, 41, 0, -1), false)));
        assertThat(monitor.reasons())
                .containsExactly(new Reason(
                        Code.TRANSACTION_HANGS,
                        "Kafka does not end a transaction in shop.features.g1-2 from offset 41 on, and nobody can tell"
                                + " whether it was to be committed"));
        monitor.hanging(List.of());
        assertThat(codes()).isEmpty();
    }

    @Test
    void entriesThatAreNotReadYetAreThoseOfTheChangeLogAlone() {
        MeterRegistry meters = measured();
        monitor.started(
                3,
                new StreamsMonitor.Job(
                        () -> State.RUNNING,
                        () -> Map.of(
                                lag(CLIENT + "1-consumer"), metric(5.0),
                                lag(CLIENT + "2-consumer"), metric(7.0),
                                lag(CLIENT + "1-restore-consumer"), metric(1_000.0))));
        assertThat(meters.get("freshet.streams.lag")
                        .tag("generation", "3")
                        .gauge()
                        .value())
                .isEqualTo(12);
    }

    @Test
    void entriesThatWereReadAreThoseOfTheChangeLogAndEachCountsOnce() {
        MeterRegistry meters = measured();
        monitor.started(
                3,
                new StreamsMonitor.Job(
                        () -> State.RUNNING,
                        () -> Map.of(
                                read(Map.of("client-id", CLIENT + "1-consumer")), metric(5.0),
                                read(Map.of("client-id", CLIENT + "1-consumer", "topic", "changes")), metric(5.0),
                                read(Map.of("client-id", CLIENT + "2-consumer")), metric(7.0),
                                read(Map.of("client-id", CLIENT + "1-restore-consumer")), metric(1_000.0))));
        assertThat(meters.get("freshet.entries.read")
                        .tag("generation", "3")
                        .functionCounter()
                        .count())
                .isEqualTo(12);
    }

    @Test
    void whatCannotBeUsedIsCountedOverAllGenerations() {
        MeterRegistry meters = measured();
        monitor.log(1).deadLetter();
        monitor.log(2).deadLetter();
        assertThat(meters.get("freshet.dead.letters").functionCounter().count()).isEqualTo(2);
    }

    @Test
    void aPartitionIsHeldOnceHoweverOftenThatIsToldAndUntilItIsReleased() {
        MeterRegistry meters = measured();
        LogEvents first = monitor.log(1);
        LogEvents second = monitor.log(2);
        first.held(0);
        first.held(0);
        second.held(0);
        assertThat(held(meters)).isEqualTo(2);
        first.released(0);
        first.released(1);
        assertThat(held(meters)).isEqualTo(1);
    }

    private static double held(MeterRegistry meters) {
        return meters.get("freshet.held.partitions").gauge().value();
    }

    private MeterRegistry measured() {
        MeterRegistry meters = new SimpleMeterRegistry();
        monitor.measure(meters);
        return meters;
    }

    private static StreamsMonitor.Job job(State state) {
        return new StreamsMonitor.Job(() -> state, Map::of);
    }

    private static MetricName lag(String client) {
        return new MetricName("records-lag", "consumer-fetch-manager-metrics", "", Map.of("client-id", client));
    }

    private static MetricName read(Map<String, String> tags) {
        return new MetricName("records-consumed-total", "consumer-fetch-manager-metrics", "", tags);
    }

    private static Metric metric(double value) {
        return new Metric() {
            @Override
            public MetricName metricName() {
                return lag("any");
            }

            @Override
            public Object metricValue() {
                return value;
            }
        };
    }

    private List<Code> codes() {
        return monitor.reasons().stream().map(Reason::code).toList();
    }
}
