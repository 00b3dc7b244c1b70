package dev.freshet.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private static final int ROUNDS = 100;

    @Test
    void everyFaultHasANameOfItsOwnThatCanBeTypedAndATitle() {
        assertThat(Faults.all())
                .extracting(Fault::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z-]+"));
        assertThat(Faults.all()).extracting(Fault::title).noneMatch(String::isBlank);
    }

    @Test
    void faultsAreFoundByTheirNameOrByItsBeginning() {
        assertThat(Faults.named("kill-sink").name()).isEqualTo("kill-sink");
        assertThat(Faults.matching("kill-sink")).hasSize(1);
        assertThat(Faults.matching("kill-sink*"))
                .extracting(Fault::name)
                .contains("kill-sink", "kill-sink-transaction");
        assertThat(Faults.matching("nothing")).isEmpty();
        assertThatThrownBy(() -> Faults.named("nothing")).hasMessageContaining("nothing");
    }

    @Test
    void theSameSeedChoosesTheSameFaults() {
        assertThat(chosen(new TortureOptions(Path.of("any"), 7, List.of(), null)))
                .isEqualTo(chosen(new TortureOptions(Path.of("any"), 7, List.of(), null)))
                .isNotEqualTo(chosen(new TortureOptions(Path.of("any"), 8, List.of(), null)));
    }

    @Test
    void bothAloneAndInPairsFaultsStrike() {
        assertThat(chosen(new TortureOptions(Path.of("any"), 7, List.of(), null)))
                .extracting(plan -> plan.faults().size())
                .containsOnly(1, 2);
    }

    @Test
    void whatIsAskedForStrikesInTurns() {
        List<Fault> kills = Faults.matching("kill-s*");
        assertThat(chosen(new TortureOptions(Path.of("any"), 7, kills, null)).subList(0, kills.size()))
                .isEqualTo(kills.stream()
                        .map(fault -> new Round.Plan(List.of(fault), Phase.STREAMING))
                        .toList());
    }

    private static List<Round.Plan> chosen(TortureOptions options) {
        return IntStream.rangeClosed(1, ROUNDS)
                .mapToObj(round -> options.choose(round, options.randomOf(round)))
                .toList();
    }
}
