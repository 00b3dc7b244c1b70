package dev.freshet.schemas;

import java.math.BigDecimal;

/**
 * A value of PostgreSQL's {@code numeric}: an exact decimal, or one of the three values that no {@link BigDecimal} has.
 *
 * @see <a href="https://www.postgresql.org/docs/17/datatype-numeric.html#DATATYPE-NUMERIC-DECIMAL">Arbitrary Precision
 *     Numbers</a>
 */
public sealed interface Numeric permits Numeric.Finite, Numeric.Special {

    /** More digits than this, before and after the point together, are outside the domain (DESIGN 1.3). */
    int MAX_DIGITS = 1_000;

    Numeric NAN = Special.NAN;
    Numeric INFINITY = Special.INFINITY;
    Numeric NEGATIVE_INFINITY = Special.NEGATIVE_INFINITY;

    static Numeric of(BigDecimal value) {
        return new Finite(value);
    }

    /**
     * Reads PostgreSQL's spelling, and the enum names that Debezium uses for the special values in {@code string} mode.
     *
     * @throws NumberFormatException if it is none, or has more than {@link #MAX_DIGITS} digits
     */
    static Numeric parse(String text) {
        return parse(text, MAX_DIGITS);
    }

    /** As {@link #parse(String)}, with another bound: a sum or a mean may have more digits than what it was made of. */
    static Numeric parse(String text, int maxDigits) {
        switch (text) {
            case "NaN", "NAN":
                return NAN;
            case "Infinity", "POSITIVE_INFINITY":
                return INFINITY;
            case "-Infinity", "NEGATIVE_INFINITY":
                return NEGATIVE_INFINITY;
            default:
                // The text is bounded before it is parsed: BigDecimal is quadratic in the number of digits.
                if (text.length() > maxDigits + 8) {
                    throw new NumberFormatException(tooLong(text.length() + " characters", maxDigits));
                }
                BigDecimal value = new BigDecimal(text);
                if (digits(value) > maxDigits) {
                    throw new NumberFormatException(tooLong(digits(value) + " digits", maxDigits));
                }
                return new Finite(value);
        }
    }

    /** The digits PostgreSQL would print: those before the point, and the scale. */
    private static long digits(BigDecimal value) {
        long beforePoint = Math.max(1, (long) value.precision() - value.scale());
        return beforePoint + Math.max(0, value.scale());
    }

    private static String tooLong(String found, int maxDigits) {
        return "a numeric of " + found + ", more than the " + maxDigits + " digits of the domain";
    }

    /** PostgreSQL's spelling, which {@link #parse} reads back. */
    String text();

    /** An exact decimal. The scale is kept, but {@code equals} follows PostgreSQL: 1.0 = 1.00. */
    record Finite(BigDecimal value) implements Numeric {
        @Override
        public String text() {
            return value.toPlainString();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Finite that && value.compareTo(that.value) == 0;
        }

        @Override
        public int hashCode() {
            return value.stripTrailingZeros().hashCode();
        }

        @Override
        public String toString() {
            return text();
        }
    }

    /** NaN equals itself, as in PostgreSQL. */
    enum Special implements Numeric {
        NAN("NaN"),
        INFINITY("Infinity"),
        NEGATIVE_INFINITY("-Infinity");

        private final String text;

        Special(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }
}
