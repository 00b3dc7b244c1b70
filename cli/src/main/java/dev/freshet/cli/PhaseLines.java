package dev.freshet.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.time.Time;

/** How far a command is that does several things one after the other: a progress line for each. */
final class PhaseLines {
    private final PrintWriter out;
    private final Time time;
    private String phase = "";
    private @Nullable ProgressLine line;

    PhaseLines(PrintWriter out, Time time) {
        this.out = out;
        this.time = time;
    }

    /**
     * @param what is counted, which tells one phase from another
     * @param total negative where nobody knows it
     */
    void at(String what, long done, long total) {
        ProgressLine current = line;
        if (current == null || !what.equals(phase)) {
            end();
            phase = what;
            current = new ProgressLine(out, what, time);
            line = current;
        }
        current.at(done, total);
    }

    /** What was drawn goes. */
    void end() {
        ProgressLine current = line;
        if (current != null) {
            current.end();
        }
        line = null;
    }
}
