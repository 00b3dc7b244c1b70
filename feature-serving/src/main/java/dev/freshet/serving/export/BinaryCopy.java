package dev.freshet.serving.export;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.postgresql.copy.CopyOut;

/**
 * The rows of a COPY TO STDOUT (FORMAT binary), one after the other, whatever the messages are that they come in.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-copy.html">COPY, Binary Format</a>
 */
final class BinaryCopy {
    private static final int SIGNATURE = 11;
    private static final int END = -1;

    /** From 1970 to 2000, where PostgreSQL counts from. */
    static final long EPOCH_MICROS = 946_684_800_000_000L;

    static final int EPOCH_DAYS = 10_957;

    private final CopyOut copy;
    private ByteBuffer data = ByteBuffer.allocate(0);
    private boolean begun;

    BinaryCopy(CopyOut copy) {
        this.copy = copy;
    }

    /** Moves on to the next row; false behind the last. */
    boolean next() throws SQLException {
        if (!begun) {
            need(SIGNATURE + Integer.BYTES + Integer.BYTES);
            data.position(data.position() + SIGNATURE + Integer.BYTES);
            int extension = data.getInt();
            need(extension);
            data.position(data.position() + extension);
            begun = true;
        }
        need(Short.BYTES);
        if (data.getShort() != END) {
            return true;
        }
        // The server's last word, without which the connection cannot go on.
        while (copy.readFromCopy() != null) {}
        return false;
    }

    /** The length of the next field, all of which is at hand then; -1 for NULL. */
    private int field() throws SQLException {
        need(Integer.BYTES);
        int length = data.getInt();
        if (length > 0) {
            need(length);
        }
        return length;
    }

    /** Whether the next field is NULL; if so it is passed. */
    boolean passNull() throws SQLException {
        need(Integer.BYTES);
        if (data.getInt(data.position()) != END) {
            return false;
        }
        data.getInt();
        return true;
    }

    /** A bigint. */
    long int8() throws SQLException {
        field();
        return data.getLong();
    }

    /** An integer. */
    int int4() throws SQLException {
        field();
        return data.getInt();
    }

    boolean bool() throws SQLException {
        field();
        return data.get() != 0;
    }

    /** A timestamptz, in microseconds since 1970; infinities are the longs at the ends. */
    long time() throws SQLException {
        long micros = int8();
        return micros == Long.MIN_VALUE || micros == Long.MAX_VALUE ? micros : micros + EPOCH_MICROS;
    }

    String text() throws SQLException {
        int length = field();
        String text = new String(data.array(), data.arrayOffset() + data.position(), length, StandardCharsets.UTF_8);
        data.position(data.position() + length);
        return text;
    }

    /** A numeric. */
    void numeric(NumericField into) throws SQLException {
        field();
        into.read(data);
    }

    private void need(int bytes) throws SQLException {
        while (data.remaining() < bytes) {
            byte[] more = copy.readFromCopy();
            if (more == null) {
                throw new SQLException("the rows of a COPY end in the middle of one", "08P01");
            }
            data = data.hasRemaining() ? joined(more) : ByteBuffer.wrap(more);
        }
    }

    private ByteBuffer joined(byte[] more) {
        ByteBuffer joined = ByteBuffer.allocate(data.remaining() + more.length);
        return joined.put(data).put(more).flip();
    }
}
