package dev.freshet.streams.core;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;

/** Writes the compact forms that {@link ByteReader} reads: variable-length integers as in Avro and protobuf. */
final class ByteWriter {
    static final int NULL = 0;
    static final int NAN = 1;
    static final int INFINITY = 2;
    static final int NEGATIVE_INFINITY = 3;
    static final int FINITE = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    ByteWriter byteValue(int value) {
        out.write(value);
        return this;
    }

    ByteWriter bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Small for numbers near zero of either sign (zigzag). */
    ByteWriter varlong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    ByteWriter id(Id id) {
        return bytes(id.bytes());
    }

    ByteWriter numeric(@Nullable Numeric value) {
        if (value instanceof Numeric.Finite finite) {
            return byteValue(FINITE).decimal(finite.value());
        }
        if (value == null) {
            return byteValue(NULL);
        }
        return byteValue(
                value.equals(Numeric.NAN) ? NAN : value.equals(Numeric.INFINITY) ? INFINITY : NEGATIVE_INFINITY);
    }

    /** Scale and length share a number: an ordinary price takes four or five bytes. */
    ByteWriter decimal(BigDecimal value) {
        BigInteger unscaled = value.unscaledValue();
        boolean fitsLong = unscaled.bitLength() < 64;
        varlong(((long) value.scale() << 1) | (fitsLong ? 0 : 1));
        if (fitsLong) {
            return varlong(unscaled.longValue());
        }
        byte[] digits = unscaled.toByteArray();
        return varlong(digits.length).bytes(digits);
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
