package dev.freshet.runtime.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MicrosTest {
    @Test
    void keepsEveryMicrosecondOfTheYearsOneTo9999() {
        for (String text : new String[] {
            "0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"
        }) {
            Instant instant = Instant.parse(text);
            assertThat(Micros.toInstant(Micros.of(instant))).isEqualTo(instant);
        }
        assertThat(Micros.of(Instant.EPOCH.minusNanos(1))).isEqualTo(-1);
        assertThat(Micros.of(Instant.EPOCH.plusNanos(1_999))).isEqualTo(1);
        assertThat(Micros.of(Duration.ofDays(7))).isEqualTo(604_800_000_000L);
    }
}
