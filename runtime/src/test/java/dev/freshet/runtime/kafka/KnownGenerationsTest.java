package dev.freshet.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.Names;

class KnownGenerationsTest {
    private final Names names = new Names("shop");

    @Test
    void theHighestNumberOfAnyTopicOfThisDeploymentCounts() {
        assertThat(KnownGenerations.newest(
                        names,
                        List.of(
                                names.changes(3),
                                names.features(12),
                                names.positions(),
                                new Names("other").changes(40),
                                "my" + names.changes(50),
                                names.changes(6) + "-old")))
                .isEqualTo(12);
        assertThat(KnownGenerations.newest(names, List.of(names.positions()))).isZero();
    }
}
