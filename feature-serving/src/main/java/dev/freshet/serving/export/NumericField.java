package dev.freshet.serving.export;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

import dev.freshet.schemas.Numeric;

/**
 * The last numeric that was read in PostgreSQL's binary form. Nearly all fit into a long that counts hundred-millionths: those cost
 * nothing but arithmetic.
 */
final class NumericField {
    /** How many digits behind the point a small one has at most. */
    static final int SMALL_SCALE = 8;

    private static final int GROUP = 10_000;
    private static final int GROUP_DIGITS = 4;
    private static final int SMALL_GROUPS = SMALL_SCALE / GROUP_DIGITS;
    /** Of the highest group of a small one, where it stands for hundreds of millions: a long ends at 9.2e18. */
    private static final int HIGHEST = 900;

    private static final int NEGATIVE = 0x4000;
    private static final int NAN = 0xC000;
    private static final int INFINITY = 0xD000;
    private static final int NEGATIVE_INFINITY = 0xF000;

    private final int maxDigits;
    private boolean small;
    private long amount;
    private Numeric large = Numeric.NAN;
    private boolean inDomain;

    /** @param maxDigits before and behind the point together; one that has more is not read */
    NumericField(int maxDigits) {
        this.maxDigits = maxDigits;
    }

    /** Reads exactly one, whose length stands before it. */
    void read(ByteBuffer data) {
        int groups = data.getShort();
        int weight = data.getShort();
        int sign = data.getShort() & 0xFFFF;
        int scale = data.getShort();
        int digits = data.position();
        data.position(digits + groups * Short.BYTES);
        inDomain = true;
        small = false;
        switch (sign) {
            case NAN -> large = Numeric.NAN;
            case INFINITY -> large = Numeric.INFINITY;
            case NEGATIVE_INFINITY -> large = Numeric.NEGATIVE_INFINITY;
            default -> {
                inDomain = digitsBeforePoint(data, digits, groups, weight) + scale <= maxDigits;
                if (!inDomain) {
                    return;
                }
                small = isSmall(data, digits, groups, weight);
                if (small) {
                    long value = smallValue(data, digits, groups, weight);
                    amount = sign == NEGATIVE ? -value : value;
                } else {
                    readLarge(data, digits, groups, weight, sign == NEGATIVE, scale);
                }
            }
        }
    }

    /** As PostgreSQL prints it: at least one. The highest group is never 0, and those behind it have four digits each. */
    private static long digitsBeforePoint(ByteBuffer data, int digits, int groups, int weight) {
        if (groups == 0 || weight < 0) {
            return 1;
        }
        int highest = data.getShort(digits);
        int ofHighest = highest < 10 ? 1 : highest < 100 ? 2 : highest < 1_000 ? 3 : GROUP_DIGITS;
        return weight * (long) GROUP_DIGITS + ofHighest;
    }

    private static boolean isSmall(ByteBuffer data, int digits, int groups, int weight) {
        return groups == 0
                || (weight - (groups - 1) >= -SMALL_GROUPS
                        && (weight < 2 || (weight == 2 && data.getShort(digits) <= HIGHEST)));
    }

    private static long smallValue(ByteBuffer data, int digits, int groups, int weight) {
        long value = 0;
        for (int i = 0; i < groups; i++) {
            value = value * GROUP + data.getShort(digits + i * Short.BYTES);
        }
        for (int missing = groups == 0 ? 0 : weight - (groups - 1) + SMALL_GROUPS; missing > 0; missing--) {
            value *= GROUP;
        }
        return value;
    }

    private void readLarge(ByteBuffer data, int digits, int groups, int weight, boolean negative, int scale) {
        BigInteger value = BigInteger.ZERO;
        for (int i = 0; i < groups; i++) {
            value = value.multiply(BigInteger.valueOf(GROUP))
                    .add(BigInteger.valueOf(data.getShort(digits + i * Short.BYTES)));
        }
        BigDecimal decimal = new BigDecimal(value, (groups - 1 - weight) * GROUP_DIGITS).setScale(scale);
        large = Numeric.of(negative ? decimal.negate() : decimal);
    }

    /** Whether it has no more digits than it may have. */
    boolean isInDomain() {
        return inDomain;
    }

    boolean isSmall() {
        return small;
    }

    /** In hundred-millionths, if it is small. */
    long amount() {
        return amount;
    }

    /** If it is not small. */
    Numeric large() {
        return large;
    }

    /** Whatever it is. */
    Numeric value() {
        return small ? Numeric.of(BigDecimal.valueOf(amount, SMALL_SCALE)) : large;
    }
}
