package dev.freshet.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RateTest {
    private static final long SECOND = 1_000_000_000L;
    private final Rate rate = new Rate();

    @Test
    void theFirstReadingSaysNothing() {
        assertThat(rate.at(5, 1_000)).isZero();
    }

    @Test
    void isTheRiseOverTheLastReadings() {
        rate.at(0, 0);
        assertThat(rate.at(SECOND, 100)).isEqualTo(100);
        assertThat(rate.at(2 * SECOND, 400)).isEqualTo(200);
        rate.at(3 * SECOND, 400);
        rate.at(4 * SECOND, 400);

        assertThat(rate.at(5 * SECOND, 400)).isEqualTo(75);
    }
}
