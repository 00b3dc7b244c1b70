package dev.freshet.ops.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.erase.Remains.Entry;

class RemainsTest {
    private static final byte[] A = {1, 1};
    private static final byte[] B = {1, 2};
    private static final byte[] PROGRESS = {0};

    @Test
    void aKeyIsEndedIfItsNewestEntryIsNull() {
        assertThat(new Remains(List.of(new Entry(1, A, false), new Entry(2, A, true))).isEnded())
                .isTrue();
        assertThat(new Remains(List.of(new Entry(1, A, true), new Entry(2, A, false))).isEnded())
                .isFalse();
        assertThat(new Remains(List.of(new Entry(1, PROGRESS, false))).isEnded())
                .as("the state's own")
                .isTrue();
    }

    @Test
    void whatIsSupersededGoesInTheFirstRound() {
        Remains remains = new Remains(List.of(
                new Entry(1, A, false), new Entry(2, B, false), new Entry(3, A, true), new Entry(4, B.clone(), true)));
        assertThat(remains.lastSuperseded()).isEqualTo(2);
        assertThat(remains.last()).isEqualTo(4);
        assertThat(remains.lastEnd(B)).isEqualTo(4);
        assertThat(remains.lastEnd(A)).isEqualTo(3);
        assertThat(new Remains(List.of(new Entry(3, A, true))).lastSuperseded()).isNegative();
    }

    @Test
    void eachKeyIsNamedOnce() {
        Remains remains =
                new Remains(List.of(new Entry(1, A, false), new Entry(3, A.clone(), true), new Entry(4, B, false)));
        assertThat(remains.keys()).containsExactly(A, B);
        assertThat(remains.endedKeysBut(B)).hasSize(1);
        assertThat(remains.endedKeysBut(A)).isEmpty();
    }
}
