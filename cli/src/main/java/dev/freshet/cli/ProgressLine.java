package dev.freshet.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

import dev.freshet.cli.demo.Bar;
import dev.freshet.runtime.time.Time;

/** How far a long command is, with rate and remaining time: one line drawn over on a terminal, elsewhere a line now and then. */
final class ProgressLine {
    private static final Duration BETWEEN_DRAWINGS = Duration.ofMillis(100);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    /** Before that, what is left is a guess: the rate still has in it what was waited for at the beginning. */
    private static final double LEAST_SHARE = 0.01;

    private final PrintWriter out;
    private final String what;
    private final boolean terminal;
    private final Time time;
    private final long begun;
    private long told;
    private boolean drawn;

    /** @param what is counted, as {@code users compared} */
    ProgressLine(PrintWriter out, String what, Time time) {
        this(out, what, Boolean.getBoolean("freshet.terminal"), time);
    }

    /** @param terminal whether what was printed can be drawn over */
    ProgressLine(PrintWriter out, String what, boolean terminal, Time time) {
        this.out = out;
        this.what = what;
        this.terminal = terminal;
        this.time = time;
        begun = time.nanoTime();
        told = begun;
    }

    /** @param total negative where nobody knows it */
    void at(long done, long total) {
        long now = time.nanoTime();
        if (now - told < (terminal ? BETWEEN_DRAWINGS : BETWEEN_LINES).toNanos()) {
            return;
        }
        told = now;
        double seconds = (now - begun) / 1e9;
        double rate = done / seconds;
        boolean isTotalKnown = total >= 0;
        String text = isTotalKnown
                ? String.format(Locale.ROOT, "%,d of about %,d %s, %,.0f/s", done, total, what, rate)
                : String.format(Locale.ROOT, "%,d %s, %,.0f/s", done, what, rate);
        if (isTotalKnown && done >= total * LEAST_SHARE && rate > 0) {
            text += ", "
                    + Duration.ofSeconds((long) ((total - done) / rate))
                            .toString()
                            .substring(2)
                            .toLowerCase(Locale.ROOT)
                    + " left";
        }
        if (terminal) {
            String bar = isTotalKnown ? Bar.of(total == 0 ? 0 : (double) done / total) + "  " : "";
            out.print("\r\033[2K" + bar + text);
            drawn = true;
        } else {
            out.println(text);
        }
        out.flush();
    }

    /** What was drawn goes. */
    void end() {
        if (drawn) {
            out.print("\r\033[2K");
            out.flush();
        }
    }
}
