package dev.freshet.streams.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;

class BytesTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 63, 64, -64, -65, 1L << 34, Long.MAX_VALUE, Long.MIN_VALUE})
    void everyNumberIsReadBack(long value) {
        assertThat(new ByteReader(new ByteWriter().varlong(value).toBytes()).varlong())
                .isEqualTo(value);
    }

    @Test
    void numbersNearZeroOfEitherSignTakeOneByte() {
        assertThat(new ByteWriter().varlong(63).toBytes()).hasSize(1);
        assertThat(new ByteWriter().varlong(-64).toBytes()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "0.00",
                "12.50",
                "-12.50",
                "9223372036854775807",
                "9223372036854775808",
                "-9223372036854775809.001",
                "0.00000000000000000000000000000000000000000000000001",
                "1234567890123456789012345678901234567890",
                "1E+30"
            })
    void everyDecimalIsReadBackWithItsScale(String text) {
        BigDecimal value = new BigDecimal(text);
        assertThat(new ByteReader(new ByteWriter().decimal(value).toBytes()).decimal())
                .isEqualTo(value);
    }

    @Test
    void specialValuesAndNullAreReadBack() {
        ByteReader in = new ByteReader(new ByteWriter()
                .numeric(Numeric.NAN)
                .numeric(Numeric.INFINITY)
                .numeric(null)
                .numeric(Numeric.NEGATIVE_INFINITY)
                .id(Id.of("a"))
                .id(Id.of(-7))
                .toBytes());

        assertThat(in.numeric()).isEqualTo(Numeric.NAN);
        assertThat(in.numeric()).isEqualTo(Numeric.INFINITY);
        assertThat(in.numeric()).isNull();
        assertThat(in.numeric()).isEqualTo(Numeric.NEGATIVE_INFINITY);
        assertThat(in.id()).isEqualTo(Id.of("a"));
        assertThat(in.id()).isEqualTo(Id.of(-7));
    }
}
