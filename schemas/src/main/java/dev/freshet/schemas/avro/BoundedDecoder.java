package dev.freshet.schemas.avro;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro binary out of an array. It allocates no more than the array has left: Avro's own decoder allocates whatever length
 * the bytes claim, two gigabytes from six bytes, before it finds that they are not there. Collections are refused, for
 * nothing that Freshet writes has one.
 *
 * @see <a href="https://avro.apache.org/docs/1.12.0/specification/#binary-encoding">Binary encoding</a>
 */
final class BoundedDecoder extends Decoder {
    private static final int MAX_VARINT_BYTES = 10;

    private final byte[] bytes;
    private int at;

    /** @param from index of the first byte to read; all that follow belong to the value */
    BoundedDecoder(byte[] bytes, int from) {
        this.bytes = bytes;
        at = from;
    }

    boolean isEnd() {
        return at == bytes.length;
    }

    /** Moves behind the next bytes, and returns where they begin. */
    private int take(long length) throws IOException {
        if (length < 0 || length > bytes.length - at) {
            throw new EOFException("a value of " + length + " bytes where " + (bytes.length - at) + " are left");
        }
        int start = at;
        at += (int) length;
        return start;
    }

    @Override
    public void readNull() {}

    @Override
    public boolean readBoolean() throws IOException {
        byte value = bytes[take(1)];
        if (value != 0 && value != 1) {
            throw new IOException("a boolean of " + value);
        }
        return value == 1;
    }

    @Override
    public int readInt() throws IOException {
        long value = readLong();
        if (value != (int) value) {
            throw new IOException("an int of " + value);
        }
        return (int) value;
    }

    @Override
    public long readLong() throws IOException {
        long zigzag = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            byte next = bytes[take(1)];
            zigzag |= (next & 0x7FL) << (7 * i);
            if (next >= 0) {
                return (zigzag >>> 1) ^ -(zigzag & 1);
            }
        }
        throw new IOException("a number of more than " + MAX_VARINT_BYTES + " bytes");
    }

    @Override
    public float readFloat() throws IOException {
        return ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getFloat(take(Float.BYTES));
    }

    @Override
    public double readDouble() throws IOException {
        return ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getDouble(take(Double.BYTES));
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) throws IOException {
        return new Utf8(next());
    }

    @Override
    public String readString() throws IOException {
        return readString(null).toString();
    }

    @Override
    public void skipString() throws IOException {
        take(readLong());
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) throws IOException {
        return ByteBuffer.wrap(next());
    }

    private byte[] next() throws IOException {
        int start = take(readLong());
        return Arrays.copyOfRange(bytes, start, at);
    }

    @Override
    public void skipBytes() throws IOException {
        take(readLong());
    }

    @Override
    public void readFixed(byte[] into, int start, int length) throws IOException {
        System.arraycopy(bytes, take(length), into, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        take(length);
    }

    @Override
    public int readEnum() throws IOException {
        return readInt();
    }

    @Override
    public int readIndex() throws IOException {
        return readInt();
    }

    @Override
    public long readArrayStart() {
        throw collection();
    }

    @Override
    public long arrayNext() {
        throw collection();
    }

    @Override
    public long skipArray() {
        throw collection();
    }

    @Override
    public long readMapStart() {
        throw collection();
    }

    @Override
    public long mapNext() {
        throw collection();
    }

    @Override
    public long skipMap() {
        throw collection();
    }

    private static AvroRuntimeException collection() {
        return new AvroRuntimeException("an array or a map, which no value of Freshet has");
    }
}
