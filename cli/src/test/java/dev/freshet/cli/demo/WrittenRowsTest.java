package dev.freshet.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WrittenRowsTest {
    private final WrittenRows rows = new WrittenRows();

    @Test
    void areThoseSinceTheFirstReading() {
        assertThat(rows.upTo(table(1, 500))).isZero();
        assertThat(rows.upTo(table(1, 530))).isEqualTo(30);
        assertThat(rows.upTo(table(1, 535))).isEqualTo(35);
    }

    /** Either has a count of its own, and the new one's may be the smaller. */
    @Test
    void goOnBehindASwap() {
        rows.upTo(table(1, 500));
        rows.upTo(table(1, 530));
        assertThat(rows.upTo(table(2, 20))).isEqualTo(30);
        assertThat(rows.upTo(table(2, 24))).isEqualTo(34);
        assertThat(rows.upTo(table(1, 700))).isEqualTo(34);
    }

    private static TableState table(int generation, long written) {
        return new TableState(generation, Instant.EPOCH, Duration.ZERO, written);
    }
}
