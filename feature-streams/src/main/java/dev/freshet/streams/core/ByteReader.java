package dev.freshet.streams.core;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;

/** Reads what {@link ByteWriter} wrote. Throws an unchecked exception on bytes it never writes. */
final class ByteReader {
    private final ByteBuffer in;

    ByteReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    int byteValue() {
        return in.get() & 0xFF;
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    long varlong() {
        long raw = 0;
        int shift = 0;
        byte next;
        do {
            next = in.get();
            raw |= (long) (next & 0x7F) << shift;
            shift += 7;
        } while (next < 0);
        return (raw >>> 1) ^ -(raw & 1);
    }

    int count() {
        return Math.toIntExact(varlong());
    }

    Id id() {
        return Id.read(in);
    }

    @Nullable
    Numeric numeric() {
        int kind = byteValue();
        return switch (kind) {
            case ByteWriter.NULL -> null;
            case ByteWriter.NAN -> Numeric.NAN;
            case ByteWriter.INFINITY -> Numeric.INFINITY;
            case ByteWriter.NEGATIVE_INFINITY -> Numeric.NEGATIVE_INFINITY;
            case ByteWriter.FINITE -> Numeric.of(decimal());
            default -> throw new IllegalStateException("not a kind of numeric: " + kind);
        };
    }

    BigDecimal decimal() {
        long form = varlong();
        int scale = Math.toIntExact(form >> 1);
        return (form & 1) == 0
                ? BigDecimal.valueOf(varlong(), scale)
                : new BigDecimal(new BigInteger(bytes(count())), scale);
    }
}
