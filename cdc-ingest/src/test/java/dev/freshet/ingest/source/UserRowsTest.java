package dev.freshet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserRowsTest {
    @ParameterizedTest
    @CsvSource({
        "2026-03-31 12:00:00.5+00, 2026-03-31T12:00:00.5Z",
        "2026-03-31 12:00:00, 2026-03-31T12:00:00Z",
        "12000-01-01 00:00:00+00, +12000-01-01T00:00:00Z",
        "infinity, infinity",
        "-infinity, -infinity",
        "0044-03-15 00:00:00+00 BC, 0044-03-15 00:00:00+00 BC"
    })
    void aTimeReadsAsInTheStream(String printed, String expected) {
        assertThat(UserRows.isoTime(printed)).isEqualTo(expected);
    }
}
