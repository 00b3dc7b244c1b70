package dev.freshet.serving.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {
    @ParameterizedTest
    @CsvSource({"0/0, 0", "0/16B3748, 23803720", "16/B374D848, 97500059720", "FFFFFFFF/FFFFFFFF, -1"})
    void aPositionIsReadAndPrintedAsPostgresqlPrintsIt(String text, long lsn) {
        assertThat(Lsn.parse(text)).hasValue(lsn);
        assertThat(Lsn.parse(text.toLowerCase(Locale.ROOT))).hasValue(lsn);
        assertThat(Lsn.text(lsn)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", "0/", "/0", "0", "0/0/0", "0/123456789", "123456789/0", "0/G", "-1/0", " 0/0", "0/٣"})
    void whatIsNoneIsNotRead(String text) {
        assertThat(Lsn.parse(text)).isEmpty();
    }

    @Test
    void positionsAreComparedWithoutASign() {
        CompleteThrough late = new CompleteThrough(1, Lsn.parse("FFFFFFFF/0").getAsLong(), Instant.EPOCH);

        assertThat(late.reaches(Lsn.parse("0/1").getAsLong())).isTrue();
        assertThat(late.reaches(Lsn.parse("FFFFFFFF/0").getAsLong())).isTrue();
        assertThat(late.reaches(Lsn.parse("FFFFFFFF/1").getAsLong())).isFalse();
    }
}
