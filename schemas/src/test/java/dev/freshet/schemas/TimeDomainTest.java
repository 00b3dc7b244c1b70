package dev.freshet.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeDomainTest {
    @ParameterizedTest
    @CsvSource({
        "0000-12-31T23:59:59.999999Z, false",
        "0001-01-01T00:00:00Z, true",
        "1970-01-01T00:00:00Z, true",
        "9999-12-31T23:59:59.999999Z, true",
        "+10000-01-01T00:00:00Z, false",
        "-0043-03-15T00:00:00Z, false",
        "+290000-12-31T23:59:59.999999Z, false"
    })
    void bothUnitsHaveTheSameEdges(Instant instant, boolean isInside) {
        assertThat(TimeDomain.contains(instant)).isEqualTo(isInside);
        assertThat(TimeDomain.contains(instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000))
                .isEqualTo(isInside);
    }

    /** As PostgreSQL's infinities are read. */
    @Test
    void theEndsOfALongAreOutside() {
        assertThat(TimeDomain.contains(Long.MIN_VALUE)).isFalse();
        assertThat(TimeDomain.contains(Long.MAX_VALUE)).isFalse();
    }
}
