package dev.freshet.streams.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import dev.freshet.schemas.Numeric;

class ExactSumTest {
    private final ExactSum sum = new ExactSum();

    @Test
    void thereIsNoSumAndNoMeanOfNoValues() {
        sum.add(null);
        sum.add(number("1"));
        sum.remove(number("1"));

        assertThat(sum.sum()).isNull();
        assertThat(sum.mean()).isNull();
    }

    @Test
    void nanThatIsTakenOutAgainLeavesTheSumAsItWas() {
        sum.add(number("1.50"));
        sum.add(Numeric.NAN);
        assertThat(sum.sum()).isEqualTo(Numeric.NAN);

        sum.remove(Numeric.NAN);
        assertThat(sum.sum()).isEqualTo(number("1.5"));
    }

    @Test
    void infinitiesOfBothSignsAreNotANumber() {
        sum.add(Numeric.INFINITY);
        assertThat(sum.mean()).isEqualTo(Numeric.INFINITY);
        sum.add(Numeric.NEGATIVE_INFINITY);
        assertThat(sum.mean()).isEqualTo(Numeric.NAN);
        sum.remove(Numeric.INFINITY);
        assertThat(sum.sum()).isEqualTo(Numeric.NEGATIVE_INFINITY);
    }

    @Test
    void theMeanIsTheExactQuotientOfHugeValues() {
        // PostgreSQL's own avg keeps about 16 digits here, and says ...0001.0000.
        sum.add(number("1" + "0".repeat(39)));
        sum.add(number("1" + "0".repeat(38) + "1"));

        assertThat(sum.mean()).isEqualTo(number("1" + "0".repeat(39) + ".5000"));
    }

    @Test
    void aMeanHalfwayBetweenTwoPlacesGoesAwayFromZero() {
        sum.add(number("0.00005"));
        assertThat(sum.mean()).isEqualTo(number("0.0001"));
        sum.remove(number("0.00005"));

        sum.add(number("-0.00005"));
        assertThat(sum.mean()).isEqualTo(number("-0.0001"));
    }

    @Test
    void nothingOfWhatIsWrittenIsLost() {
        sum.add(number("1" + "0".repeat(900) + ".25"));
        sum.add(Numeric.NAN);
        sum.add(Numeric.INFINITY);
        ByteWriter out = new ByteWriter();
        sum.write(out);

        ExactSum read = new ExactSum(new ByteReader(out.toBytes()));
        read.remove(Numeric.NAN);
        read.remove(Numeric.INFINITY);

        assertThat(read.sum()).isEqualTo(number("1" + "0".repeat(900) + ".25"));
    }

    private static Numeric number(String text) {
        return Numeric.parse(text);
    }
}
