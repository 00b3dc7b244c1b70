package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationArgumentTest {
    private final DurationArgument argument = new DurationArgument();

    @ParameterizedTest
    @CsvSource({"30s,PT30S", "5m,PT5M", "2H,PT2H", "500ms,PT0.5S", "PT1M,PT1M"})
    void readsWhatPeopleWrite(String text, Duration expected) {
        assertThat(argument.convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "-30s", "1 hour"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> argument.convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void refusesZero() {
        assertThatThrownBy(() -> argument.convert("0s")).hasMessageContaining("not positive");
    }
}
