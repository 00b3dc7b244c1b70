package dev.freshet.cli.demo;

import java.io.PrintWriter;
import java.util.List;

/** Where the demo draws. On a terminal a block of lines is drawn again in its place; elsewhere every line stays. */
final class Screen {
    private static final String UP = "\033[%dA";
    private static final String CLEAR_LINE = "\033[2K";
    private static final String CLEAR_BELOW = "\033[J";
    /** A line longer than the terminal is wide is cut, not wrapped: the block would be higher than we know. */
    private static final String NO_WRAP = "\033[?7l";

    private static final String WRAP = "\033[?7h";

    private final PrintWriter out;
    private final boolean terminal;
    private int drawn;

    Screen(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    boolean isTerminal() {
        return terminal;
    }

    /** Replaces the block that was drawn last; on a terminal only. */
    synchronized void redraw(List<String> lines) {
        StringBuilder text = new StringBuilder(home()).append(NO_WRAP);
        for (String line : lines) {
            text.append(CLEAR_LINE).append(line).append('\n');
        }
        text.append(CLEAR_BELOW).append(WRAP);
        drawn = lines.size();
        out.print(text);
        out.flush();
    }

    /** A line that stays; it takes the place of the block that was drawn last, unless that was kept. */
    synchronized void line(String line) {
        if (drawn > 0) {
            out.print(home() + CLEAR_BELOW);
            drawn = 0;
        }
        out.println(line);
        out.flush();
    }

    /** What is drawn stays where it is. */
    synchronized void keep() {
        drawn = 0;
    }

    private String home() {
        return drawn == 0 ? "" : UP.formatted(drawn);
    }
}
