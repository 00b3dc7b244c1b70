package dev.freshet.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class NumericTest {

    @Test
    void bothSpellingsOfTheSpecialValuesAreRead() {
        assertThat(Numeric.parse("NaN")).isSameAs(Numeric.NAN).isSameAs(Numeric.parse("NAN"));
        assertThat(Numeric.parse("Infinity")).isSameAs(Numeric.INFINITY).isSameAs(Numeric.parse("POSITIVE_INFINITY"));
        assertThat(Numeric.parse("-Infinity"))
                .isSameAs(Numeric.NEGATIVE_INFINITY)
                .isSameAs(Numeric.parse("NEGATIVE_INFINITY"));
    }

    @Test
    void textIsReadBack() {
        for (String text : new String[] {"0", "0.00", "-12.50", "1".repeat(1_000), "0." + "1".repeat(999), "NaN"}) {
            assertThat(Numeric.parse(text).text()).isEqualTo(text);
        }
    }

    @Test
    void scaleDoesNotMakeADifferentValue() {
        assertThat(Numeric.of(new BigDecimal("1.0"))).isEqualTo(Numeric.of(new BigDecimal("1.00")));
    }

    @Test
    void aThousandAndOneDigitsAreOutsideTheDomain() {
        assertThatThrownBy(() -> Numeric.parse("1".repeat(1_001)))
                .isInstanceOf(NumberFormatException.class)
                .hasMessageContaining("1001 digits");
        assertThatThrownBy(() -> Numeric.parse("0." + "1".repeat(1_000))).isInstanceOf(NumberFormatException.class);
        assertThatThrownBy(() -> Numeric.parse("1e1000000")).isInstanceOf(NumberFormatException.class);
        assertThatThrownBy(() -> Numeric.parse("9".repeat(131_072))).isInstanceOf(NumberFormatException.class);
    }
}
