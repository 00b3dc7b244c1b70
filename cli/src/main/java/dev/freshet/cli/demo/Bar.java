package dev.freshet.cli.demo;

/** How far something is, as text: {@code [######......]  50%}. */
public final class Bar {
    private static final int WIDTH = 24;

    private Bar() {}

    /** @param fraction of the whole; what is outside of 0 to 1 is drawn as the nearer of the two */
    public static String of(double fraction) {
        double within = Double.isNaN(fraction) ? 0 : Math.max(0, Math.min(1, fraction));
        int full = (int) (within * WIDTH);
        // Rounded down: a bar that says 100 % is at its end.
        return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] %3d%%".formatted((int) (within * 100));
    }
}
