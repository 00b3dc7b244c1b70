package dev.freshet.ops.erase;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.erase.UserTopic.Kind;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;

class TopicsTest {
    /** A replay of the first generation's log. */
    private static final List<Generation> FED =
            List.of(new Generation(2, GenerationState.LIVE, 2, new Generation.Log(1, 3, "source"), false, ""));

    private static List<UserTopic> topic(String name, Kind kind, int generation) {
        return List.of(new UserTopic(name, kind, generation, 3, record -> true));
    }

    @Test
    void aTopicThatNobodyFeedsHasToGoFirst() {
        assertThatCode(() -> Topics.requireFed(topic("s.changes.g1", Kind.CHANGES, 1), FED))
                .doesNotThrowAnyException();
        assertThatCode(() -> Topics.requireFed(topic("s.features.g2", Kind.FEATURES, 2), FED))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> Topics.requireFed(topic("s.features.g1", Kind.FEATURES, 1), FED))
                .hasMessageContaining("topic s.features.g1")
                .hasMessageContaining("freshet replay drop 1 --yes");
        assertThatThrownBy(() -> Topics.requireFed(topic("s.changes.g2", Kind.CHANGES, 2), FED))
                .hasMessageContaining("topic s.changes.g2");
    }
}
