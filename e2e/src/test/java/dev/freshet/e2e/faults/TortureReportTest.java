package dev.freshet.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.e2e.faults.Outcome.Missed;
import dev.freshet.runtime.time.Time;

class TortureReportTest {
    private static final Fault FAULT = Faults.named("kill-sink");

    private final TortureReport report = new TortureReport(new PrintWriter(Writer.nullWriter()), Time.system());

    private void ended(int seconds, List<Fault> struck, List<Missed> missed, List<String> findings) {
        report.ended(
                1,
                new Round.Plan(List.of(FAULT), Phase.DRAIN),
                new Outcome(struck, missed, findings, Duration.ofSeconds(seconds), 500));
    }

    private JsonNode json() throws Exception {
        return new ObjectMapper().readTree(report.json(new TortureOptions(Path.of("none"), 7, List.of(), null)));
    }

    @Test
    void theTimeUntilAllWasReadyAgainIsToldOverAllRoundsInWhichSomethingStruck() throws Exception {
        for (int seconds : List.of(9, 2, 4)) {
            ended(seconds, List.of(FAULT), List.of(), List.of());
        }
        ended(0, List.of(), List.of(new Missed(FAULT, "too late")), List.of());
        assertThat(json().path("secondsUntilReadyMedian").asDouble()).isEqualTo(4);
        assertThat(json().path("secondsUntilReadyMax").asDouble()).isEqualTo(9);
    }

    @Test
    void rowsThatWereComparedAreAddedUp() throws Exception {
        ended(1, List.of(FAULT), List.of(), List.of());
        ended(1, List.of(FAULT), List.of(), List.of());
        assertThat(json().path("rowsOfThemCompared").asLong()).isEqualTo(1_000);
    }

    @Test
    void whatStruckAndWhatMissedIsCountedByPhase() throws Exception {
        ended(1, List.of(FAULT), List.of(), List.of());
        ended(1, List.of(), List.of(new Missed(FAULT, "too late")), List.of());
        JsonNode counts = json().path("faults").path("kill-sink in drain");
        assertThat(counts.path("struck").asInt()).isEqualTo(1);
        assertThat(counts.path("missed").asInt()).isEqualTo(1);
    }

    @Test
    void itIsCleanUntilSomethingIsFound() throws Exception {
        ended(1, List.of(FAULT), List.of(), List.of());
        assertThat(report.isClean()).isTrue();
        ended(1, List.of(FAULT), List.of(), List.of("a row went back"));
        assertThat(report.isClean()).isFalse();
    }
}
