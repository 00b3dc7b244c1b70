package dev.freshet.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BarTest {
    @Test
    void isFullOnlyAtTheEnd() {
        assertThat(Bar.of(0)).isEqualTo("[........................]   0%");
        assertThat(Bar.of(0.5)).isEqualTo("[############............]  50%");
        assertThat(Bar.of(0.9999)).isEqualTo("[#######################.]  99%");
        assertThat(Bar.of(1)).isEqualTo("[########################] 100%");
    }

    @Test
    void staysWithinItsBounds() {
        assertThat(Bar.of(-1)).isEqualTo(Bar.of(0));
        assertThat(Bar.of(7)).isEqualTo(Bar.of(1));
        assertThat(Bar.of(Double.NaN)).isEqualTo(Bar.of(0));
    }
}
