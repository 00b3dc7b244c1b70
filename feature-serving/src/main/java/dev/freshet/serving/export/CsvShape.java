package dev.freshet.serving.export;

/**
 * Whether the records of a CSV file have as many cells as its header, and end in LF: byte by byte, as RFC 4180 quotes them. DuckDB
 * passes over blank lines, and is lenient about the rest.
 */
final class CsvShape {
    /** A byte order mark in UTF-8, which some programs would take for the beginning of the first name. */
    private static final int[] MARK = {0xEF, 0xBB, 0xBF};

    /** Where in a cell a byte stands. */
    private enum Place {
        BEGINNING,
        PLAIN,
        QUOTED,
        /** Behind a quote in a quoted cell: its end, or the first of two. */
        QUOTE
    }

    /** What is wrong, with the line it is on. */
    interface Refusal {
        ExportRefusedException of(long line, String what);
    }

    private final Refusal refusal;
    private Place place = Place.BEGINNING;
    /** How many of the first bytes are those of a mark; as many as it has once one is not. */
    private int marked;

    private long begun = 1;
    private long cells = 1;
    private boolean isBlank = true;
    private boolean isCarriageReturn;

    /** Of the header; 0 until its end. */
    private long needed;

    CsvShape(Refusal refusal) {
        this.refusal = refusal;
    }

    /** @param line that the byte is on */
    void take(int one, long line) {
        if (marked < MARK.length) {
            refuseMark(one);
        }
        if (place == Place.QUOTED) {
            place = one == '"' ? Place.QUOTE : Place.QUOTED;
            return;
        }
        if (isCarriageReturn && one != '\n') {
            throw refusal.of(line, "has a carriage return that does not end it");
        }
        switch (one) {
            case '\n' -> endRecord(line);
            case '\r' -> isCarriageReturn = true;
            case ',' -> {
                cells++;
                isBlank = false;
                place = Place.BEGINNING;
            }
            default -> {
                isBlank = false;
                place = next(one, line);
            }
        }
    }

    private void refuseMark(int one) {
        if (one != MARK[marked]) {
            marked = MARK.length;
        } else if (++marked == MARK.length) {
            throw refusal.of(1, "begins with a byte order mark: cut it off, as with tail -c +4");
        }
    }

    private Place next(int one, long line) {
        if (one == '"' && place != Place.PLAIN) {
            return Place.QUOTED;
        }
        if (place == Place.QUOTE) {
            throw refusal.of(line, "has text behind the quote that ends a cell");
        }
        return Place.PLAIN;
    }

    private void endRecord(long line) {
        if (isCarriageReturn) {
            throw refusal.of(line, "ends in CR LF: let all lines end in LF, as with dos2unix or tr -d '\\r'");
        }
        checkCells();
        if (needed == 0) {
            needed = cells;
        }
        begun = line + 1;
        cells = 1;
        isBlank = true;
        place = Place.BEGINNING;
    }

    private void checkCells() {
        if (isBlank) {
            throw refusal.of(begun, needed > 0 ? "is blank" : "is blank: it has to name the columns");
        }
        if (needed > 0 && cells != needed) {
            throw refusal.of(begun, "has " + cells + (cells == 1 ? " cell" : " cells") + ", and the header " + needed);
        }
    }

    /** The last line may have no end. */
    void checkEnd() {
        if (place == Place.QUOTED) {
            throw refusal.of(begun, "has a quote that does not end");
        }
        if (isCarriageReturn) {
            throw refusal.of(begun, "has a carriage return that does not end it");
        }
        if (!isBlank) {
            checkCells();
        }
    }
}
