package dev.freshet.serving.export;

import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;

/** An order, as far as features need it. */
final class Order {
    /** Microseconds since 1970. */
    final long time;

    private final long[] amounts;
    private final boolean[] isSmall;
    private final @Nullable Numeric[] unusual;

    /**
     * @param amounts in hundred-millionths, each of them if it is small
     * @param unusual the others; null for NULL
     */
    Order(long time, long[] amounts, boolean[] isSmall, @Nullable Numeric[] unusual) {
        this.time = time;
        this.amounts = amounts;
        this.isSmall = isSmall;
        this.unusual = unusual;
    }

    boolean hasAmount(int column) {
        return isSmall[column] || unusual[column] != null;
    }

    /** @param times 1, or -1 to take it out again */
    void addAmount(int column, ExactSum sum, int times) {
        Numeric other = unusual[column];
        if (isSmall[column]) {
            sum.add(times * amounts[column]);
        } else if (other != null) {
            sum.add(other, times);
        }
    }
}
