package dev.freshet.runtime.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.check.ClockChecks.Offset;

class ChecksTest {
    private static Offset offset(String whose, long aheadMillis, long uncertaintyMillis) {
        return new Offset(whose, Duration.ofMillis(aheadMillis), Duration.ofMillis(uncertaintyMillis));
    }

    @Test
    void clocksThatAreMoreThanASecondApartForSureAreTold() {
        assertThat(ClockChecks.findings(offset("the source", 1_000, 0), offset("the target", 200, 0)))
                .isEmpty();
        assertThat(ClockChecks.findings(offset("the source", 1_400, 500), offset("the target", 0, 0)))
                .as("it may as well have taken that long to answer")
                .isEmpty();
        assertThat(ClockChecks.findings(offset("the source", 900, 0), offset("the target", -7_200, 0)))
                .extracting(Finding::what)
                .containsExactly(
                        "The clock of the target is 7.2 s behind that of this machine: ages are wrong by as much",
                        "The clock of the source is 8.1 s ahead of that of the target: ages are wrong by as much");
    }

    @Test
    void asManyCopiesAsBrokersAreTheMostAndThreeAreEnough() {
        assertThat(KafkaChecks.ofBrokers(1, 1)).isEmpty();
        assertThat(KafkaChecks.ofBrokers(3, 3)).isEmpty();
        assertThat(KafkaChecks.ofBrokers(1, 3)).singleElement().matches(Finding::isError);
        assertThat(KafkaChecks.ofBrokers(5, 1)).singleElement().matches(finding -> !finding.isError());
    }
}
