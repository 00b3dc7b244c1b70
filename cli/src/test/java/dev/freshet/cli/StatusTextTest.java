package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.status.StatusReport;
import dev.freshet.ops.status.StatusReport.GenerationStatus;
import dev.freshet.ops.status.StatusReport.SlotStatus;
import dev.freshet.ops.status.StatusReport.TableStatus;
import dev.freshet.ops.status.StatusReport.Unreachable;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;

class StatusTextTest {
    private static final Generation LIVE =
            new Generation(2, GenerationState.LIVE, 3, new Generation.Log(1, 4, "source"), true, "");

    @Test
    void allThatIsKnownIsTold() {
        StatusReport report = new StatusReport(
                List.of(new GenerationStatus(LIVE, new TableStatus(2_000, false, 1, 0, 0, "0/1A", 0.25), 1L, 2_500L)),
                List.of(
                        new SlotStatus("shop_slot", true, "reserved", 1_500_000, 100_000),
                        new SlotStatus("shop_slot_g2", false, "lost", 0, 0)),
                3L,
                List.of());
        assertThat(StatusText.lines(report))
                .containsExactly(
                        "generation 2: live, epoch 3, change log 1",
                        "  2,000 rows, 1 incomplete; 0 entries wait for their user, 0 are lost",
                        "  complete to 0/1A, 0.25 s ago",
                        "  streams is 1 entry behind, the sink 2,500 entries behind",
                        "slot shop_slot: an ingest reads it, reserved, the source keeps 1.5 MB for it, of which 0.1 MB are"
                                + " not in the change log yet",
                        "slot shop_slot_g2: nobody reads it, lost, the source keeps 0.0 MB for it, of which 0.0 MB are not"
                                + " in the change log yet",
                        "dead letters: 3");
    }

    @Test
    void whoDoesNotAnswerIsNamedAndNothingIsMadeUpForIt() throws IOException {
        StatusReport report = new StatusReport(
                List.of(),
                List.of(),
                null,
                List.of(new Unreachable("target", "refused"), new Unreachable("kafka", "silent")));
        assertThat(StatusText.lines(report))
                .containsExactly(
                        "target cannot be asked: refused",
                        "kafka cannot be asked: silent",
                        "there is no replication slot");
        JsonNode json = new ObjectMapper().readTree(StatusText.json(report));
        assertThat(json.get("dead_letters").isNull()).isTrue();
        assertThat(json.get("slots").isEmpty()).isTrue();
        assertThat(json.get("unreachable").get(1).get("server").asText()).isEqualTo("kafka");
    }
}
