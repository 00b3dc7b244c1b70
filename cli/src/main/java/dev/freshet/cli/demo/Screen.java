package dev.freshet.cli.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Where a command draws. On a terminal a block of lines is drawn again in its place; elsewhere every line stays. */
public final class Screen {
    private static final String UP = "\033[%dA";
    private static final String CLEAR_LINE = "\033[2K";
    private static final String CLEAR_BELOW = "\033[J";
    /** Should the terminal have become narrower, a wrapped line would make the block higher than we know. */
    private static final String NO_WRAP = "\033[?7l";

    private static final String WRAP = "\033[?7h";

    private final PrintWriter out;
    private final OptionalInt columns;
    private int drawn;

    /** @param columns of the terminal; empty where nothing can be drawn over */
    public Screen(PrintWriter out, OptionalInt columns) {
        this.out = out;
        this.columns = columns;
    }

    public boolean isTerminal() {
        return columns.isPresent();
    }

    /** Replaces the block that was drawn last; on a terminal only, and cut where that ends. */
    public synchronized void redraw(List<String> lines) {
        StringBuilder text = new StringBuilder(home()).append(NO_WRAP);
        for (String line : lines) {
            text.append(CLEAR_LINE).append(cut(line)).append('\n');
        }
        text.append(CLEAR_BELOW).append(WRAP);
        drawn = lines.size();
        out.print(text);
        out.flush();
    }

    /** A line that stays; it takes the place of the block that was drawn last, unless that was kept. */
    public synchronized void line(String line) {
        if (drawn > 0) {
            out.print(home() + CLEAR_BELOW);
            drawn = 0;
        }
        out.println(line);
        out.flush();
    }

    /** What is drawn stays where it is. */
    public synchronized void keep() {
        drawn = 0;
    }

    private String cut(String line) {
        return line.substring(0, Math.min(line.length(), columns.orElse(line.length())));
    }

    /** Lines that are no longer than asked for, if they can be broken at ", "; all but the first are indented. */
    static List<String> wrapped(String text, int length, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String part : text.split("(?<=, )")) {
            if (line.length() + part.strip().length() > length) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(indent);
            }
            line.append(part);
        }
        lines.add(line.toString());
        return lines;
    }

    private String home() {
        return drawn == 0 ? "" : UP.formatted(drawn);
    }
}
