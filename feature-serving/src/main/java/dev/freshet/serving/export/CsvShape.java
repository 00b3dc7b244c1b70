package dev.freshet.serving.export;

/**
 * Whether the records of a CSV file have as many cells, and end as, its header: byte by byte, as RFC 4180 quotes them. DuckDB passes
 * over blank lines, and is lenient about the rest.
 */
final class CsvShape {
    private static final int[] BOM = {0xEF, 0xBB, 0xBF};

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
    private long bytes;
    private long begun = 1;
    private long cells = 1;
    private boolean isBlank = true;
    private boolean isCarriageReturn;

    /** Of the header; 0 until its end. */
    private long needed;

    private boolean needsCarriageReturn;

    CsvShape(Refusal refusal) {
        this.refusal = refusal;
    }

    /** @param line that the byte is on */
    void take(int one, long line) {
        if (++bytes <= BOM.length && one == BOM[(int) bytes - 1]) {
            return;
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
        checkCells();
        if (needed == 0) {
            needed = cells;
            needsCarriageReturn = isCarriageReturn;
        } else if (isCarriageReturn != needsCarriageReturn) {
            throw refusal.of(
                    line,
                    "ends in " + end(isCarriageReturn) + ", and the header in " + end(needsCarriageReturn)
                            + ": let all lines end alike");
        }
        begun = line + 1;
        cells = 1;
        isBlank = true;
        isCarriageReturn = false;
        place = Place.BEGINNING;
    }

    private static String end(boolean isCarriageReturn) {
        return isCarriageReturn ? "CR LF" : "LF";
    }

    private void checkCells() {
        if (needed > 0 && isBlank) {
            throw refusal.of(begun, "is blank");
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
