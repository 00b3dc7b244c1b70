package dev.freshet.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValuesTest {
    private final Values values = new Values();

    @Test
    void theMedianOfTheRunsCounts() {
        values.add("seconds", 9);
        values.add("seconds", 1);
        values.add("seconds", 2);
        assertThat(values.figures()).containsExactly(Map.entry("seconds", 2.0));
    }

    @Test
    void samplesOfAllRunsAreTakenTogether() {
        Values second = new Values();
        values.addSamples("millis", samples(1, 50));
        second.addSamples("millis", samples(51, 101));
        values.addAll(second);
        assertThat(values.figures())
                .containsExactly(
                        Map.entry("millisP50", 51.0),
                        Map.entry("millisP99", 100.0),
                        Map.entry("millisMax", 101.0),
                        Map.entry("millisSamples", 101.0));
    }

    @Test
    void aRatioIsThereOnlyWithBothOfItsParts() {
        Map<String, Double> ratios = new HashMap<>();
        Ratios.of(Map.of(DebeziumAlone.BURST_SECONDS, 3.0, Bootstrap.SECONDS, 5.0), ratios::put);
        assertThat(ratios).isEmpty();
        Ratios.of(Map.of(DebeziumAlone.BURST_SECONDS, 3.0, Burst.SECONDS, 6.0), ratios::put);
        assertThat(ratios).containsExactly(Map.entry("burstRatio", 0.5));
    }

    private static List<Double> samples(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> (double) i).toList();
    }
}
