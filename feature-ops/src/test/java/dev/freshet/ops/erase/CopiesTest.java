package dev.freshet.ops.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.generation.StateCopy;
import dev.freshet.runtime.generation.StateCopy.Job;
import dev.freshet.runtime.generation.StateCopy.Keeping;

class CopiesTest {
    private static final Map<String, Long> ENDS = Map.of("users", 10L, "orders", 20L);

    private static Optional<String> behind(boolean isRunning, Keeping keeping, Map<String, Long> positions) {
        return Copies.behind(new StateCopy(new Job(1, "one", "life", 0), 3, isRunning, keeping, 1, positions), ENDS);
    }

    @Test
    void aCopyThatHasNotTakenInTheLastEntryIsBehind() {
        assertThat(behind(true, Keeping.IN_USE, Map.of("users", 11L, "orders", 21L)))
                .isEmpty();
        assertThat(behind(true, Keeping.IN_USE, Map.of("users", 11L, "orders", 20L)))
                .contains("has read orders-3 up to 20 of 21");
        assertThat(behind(true, Keeping.IN_USE, Map.of("users", 11L)))
                .as("a store that is not open yet")
                .isPresent();
    }

    @Test
    void whatIsThereAndNotUsedIsBehind() {
        assertThat(behind(true, Keeping.IDLE, Map.of())).contains("keeps files of partition 3 that no task uses");
        assertThat(behind(true, Keeping.NOTHING, Map.of())).isEmpty();
    }

    @Test
    void aJobThatDoesNotRunMayBeFillingACopy() {
        assertThat(behind(false, Keeping.NOTHING, Map.of())).isPresent();
    }
}
