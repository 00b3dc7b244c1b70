package dev.freshet.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatenciesTest {
    private final Latencies latencies = new Latencies(100);

    @Test
    void nothingMeasuredIsZero() {
        assertThat(latencies.percentile(99)).isZero();
        assertThat(latencies.count()).isZero();
    }

    @Test
    void aPercentileIsAMeasurementThatSoManyDoNotExceed() {
        for (int millis = 100; millis >= 1; millis--) {
            latencies.record(Duration.ofMillis(millis));
        }

        assertThat(latencies.percentile(50)).isEqualTo(Duration.ofMillis(50));
        assertThat(latencies.percentile(99)).isEqualTo(Duration.ofMillis(99));
        assertThat(latencies.percentile(100)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void oneMeasurementIsEveryPercentile() {
        latencies.record(Duration.ofMillis(7));

        assertThat(latencies.percentile(1)).isEqualTo(latencies.percentile(99)).isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void onlyTheLastOnesCount() {
        latencies.record(Duration.ofDays(1));
        for (int i = 0; i < 100; i++) {
            latencies.record(Duration.ofMillis(2));
        }

        assertThat(latencies.percentile(100)).isEqualTo(Duration.ofMillis(2));
        assertThat(latencies.kept()).isEqualTo(100);
        assertThat(latencies.count()).isEqualTo(101);
    }

    @Test
    void textKeepsWhatMatters() {
        assertThat(Latencies.text(Duration.ofNanos(14_260_000))).isEqualTo("14.3 ms");
        assertThat(Latencies.text(Duration.ofMillis(1_234))).isEqualTo("1,234 ms");
    }
}
