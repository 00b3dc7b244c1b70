package dev.freshet.serving.export;

import java.nio.file.Path;

/**
 * Whether the bytes of a file are lines of text in UTF-8, chunk by chunk: so that the line at fault can be told.
 *
 * @see <a href="https://www.unicode.org/versions/Unicode15.0.0/ch03.pdf">Unicode, table 3-7: well-formed UTF-8</a>
 */
final class CsvText {
    /** A line that is longer is none: the quote that ends a cell is missing, or it is no text. */
    static final int LONGEST_LINE = 1 << 20;

    private static final int CONTINUATION = 0x80;
    private static final int LAST_CONTINUATION = 0xBF;

    private final Path file;
    private final CsvShape shape;
    private long line = 1;
    private int length;
    /** How many bytes of a character are still to come, and what the next one of them may be. */
    private int toCome;

    private int lowest = CONTINUATION;
    private int highest = LAST_CONTINUATION;

    CsvText(Path file) {
        this.file = file;
        shape = new CsvShape(this::refused);
    }

    /** @throws ExportRefusedException with the line at fault */
    void check(byte[] chunk, int size) {
        for (int i = 0; i < size; i++) {
            int one = chunk[i] & 0xFF;
            if (one >= CONTINUATION || toCome > 0) {
                beyondAscii(one);
            } else if (one == 0) {
                throw refused("holds a NUL, which is no text");
            }
            shape.take(one, line);
            if (one == '\n') {
                line++;
                length = 0;
            } else if (++length > LONGEST_LINE) {
                throw refused("is longer than " + LONGEST_LINE + " bytes: the quote that ends a cell may be missing");
            }
        }
    }

    /** A file may not end within a character, nor within a quoted cell. */
    void checkEnd() {
        if (toCome > 0) {
            throw notUtf8();
        }
        shape.checkEnd();
    }

    private void beyondAscii(int one) {
        if (toCome > 0) {
            if (one < lowest || one > highest) {
                throw notUtf8();
            }
            toCome--;
            lowest = CONTINUATION;
            highest = LAST_CONTINUATION;
        } else if (one >= 0xC2 && one <= 0xDF) {
            toCome = 1;
        } else if (one >= 0xE0 && one <= 0xEF) {
            toCome = 2;
            lowest = one == 0xE0 ? 0xA0 : CONTINUATION;
            highest = one == 0xED ? 0x9F : LAST_CONTINUATION;
        } else if (one >= 0xF0 && one <= 0xF4) {
            toCome = 3;
            lowest = one == 0xF0 ? 0x90 : CONTINUATION;
            highest = one == 0xF4 ? 0x8F : LAST_CONTINUATION;
        } else {
            throw notUtf8();
        }
    }

    private ExportRefusedException notUtf8() {
        return refused("is not in UTF-8: convert the file, as with iconv -f latin1 -t utf8");
    }

    private ExportRefusedException refused(String what) {
        return refused(line, what);
    }

    private ExportRefusedException refused(long at, String what) {
        return new ExportRefusedException("--labels " + file + ": line " + at + " " + what);
    }
}
