package dev.freshet.runtime.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ByGenerationTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ByGeneration lags = new ByGeneration();

    /** By generation; fails if one is there twice, or there is another metric. */
    private Map<String, Double> told() {
        return meters.getMeters().stream()
                .map(Gauge.class::cast)
                .collect(Collectors.toMap(gauge -> gauge.getId().getTag("generation"), Gauge::value));
    }

    @Test
    void eachGenerationThatIsReadHasItsOwn() {
        AtomicInteger behind = new AtomicInteger(5);
        lags.reads(1, behind::get);
        lags.gauge(meters, "lag", "of a test");
        lags.reads(2, () -> 7);
        behind.set(6);
        assertThat(told()).containsExactlyInAnyOrderEntriesOf(Map.of("1", 6.0, "2", 7.0));
    }

    @Test
    void oneThatIsReadNoMoreIsNotTold() {
        lags.gauge(meters, "lag", "of a test");
        lags.reads(1, () -> 5);
        lags.reads(2, () -> 7);
        lags.readsNoMore(1);
        assertThat(told()).isEqualTo(Map.of("2", 7.0));
    }

    @Test
    void oneThatIsReadAnewIsToldOnceAndByItsNewReader() {
        lags.gauge(meters, "lag", "of a test");
        lags.reads(1, () -> 5);
        lags.reads(1, () -> 3);
        assertThat(told()).isEqualTo(Map.of("1", 3.0));
        lags.readsNoMore(1);
        lags.reads(1, () -> 2);
        assertThat(told()).isEqualTo(Map.of("1", 2.0));
    }

    @Test
    void whatHasBeenIsCounted() {
        AtomicInteger read = new AtomicInteger(5);
        ByGeneration entries = new ByGeneration();
        entries.counter(meters, "read", "of a test");
        entries.reads(1, read::get);
        read.set(6);
        assertThat(meters.get("read").tag("generation", "1").functionCounter().count())
                .isEqualTo(6);
        entries.readsNoMore(1);
        assertThat(meters.get("read").functionCounters()).singleElement().satisfies(none -> assertThat(none.count())
                .isZero());
    }

    @Test
    void withoutAnyTheSumIsZero() {
        lags.gauge(meters, "lag", "of a test");
        assertThat(told()).isEqualTo(Map.of("none", 0.0));
        lags.reads(1, () -> 5);
        lags.readsNoMore(1);
        assertThat(told()).isEqualTo(Map.of("none", 0.0));
    }
}
