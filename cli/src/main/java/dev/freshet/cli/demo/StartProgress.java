package dev.freshet.cli.demo;

import java.time.Duration;
import java.util.List;

import dev.freshet.runtime.time.Time;

/** How far the start is: one bar over all of its steps on a terminal; elsewhere a line for each step and each two seconds. */
final class StartProgress {
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(2);

    private final Screen screen;
    private final int steps;
    private final Time time;
    private int step;
    private long told;
    private String what = "";

    /** @param steps how many calls of {@link #next} there will be */
    StartProgress(Screen screen, int steps, Time time) {
        this.screen = screen;
        this.steps = steps;
        this.time = time;
    }

    /** The step before is done, this one begins. */
    synchronized void next(String what) {
        this.what = what;
        step++;
        told = time.nanoTime();
        if (screen.isTerminal()) {
            draw(0, "");
        } else {
            screen.line("%d/%d %s".formatted(step, steps, what));
        }
    }

    /**
     * How far this step is.
     *
     * @param fraction of it
     * @param detail in a few words
     */
    synchronized void at(double fraction, String detail) {
        if (screen.isTerminal()) {
            draw(fraction, detail);
            return;
        }
        if (time.nanoTime() - told >= BETWEEN_LINES.toNanos()) {
            told = time.nanoTime();
            screen.line("%d/%d %s: %s".formatted(step, steps, what, detail));
        }
    }

    /** All is done; the bar makes room for what follows. */
    synchronized void done(String message) {
        screen.line(message);
    }

    private void draw(double fraction, String detail) {
        double within = Math.max(0, Math.min(1, fraction));
        String text = detail.isEmpty() ? what : what + " (" + detail + ")";
        screen.redraw(List.of(Bar.of((step - 1 + within) / steps) + "  " + text));
    }
}
