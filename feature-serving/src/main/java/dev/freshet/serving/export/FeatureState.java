package dev.freshet.serving.export;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * One feature of one user, moved from instant to instant: orders come in the order of their times, none of them later than the
 * instant (DESIGN 1.3).
 */
final class FeatureState {
    private static final long DAY = 86_400_000_000L;
    private static final int MEAN_SCALE = 4;
    private static final int NO_COLUMN = -1;

    private final FeatureColumn column;
    private final int amount;
    private final boolean isWindowed;
    private final long window;
    private final WindowOrders inside;
    private final ExactSum sum = new ExactSum();
    private long orders;
    private long amounts;
    private long newest;

    /** @param amountNames in the order in which the orders have them */
    FeatureState(FeatureColumn column, List<String> amountNames) {
        FeatureDefinition feature = column.feature();
        this.column = column;
        amount = feature.column() == null ? NO_COLUMN : amountNames.indexOf(feature.column());
        isWindowed = feature.window() != null;
        window = isWindowed ? feature.windowMicros() : 0;
        inside = new WindowOrders(amount != NO_COLUMN);
    }

    /** For the next user. */
    void clear() {
        inside.clear();
        sum.clear();
        orders = 0;
        amounts = 0;
    }

    /** @param instant that it is moved to next: the order is not later */
    void add(Order order, long instant) {
        long number = amount == NO_COLUMN ? Order.NONE : order.amounts[amount];
        @Nullable Numeric other = amount == NO_COLUMN ? null : order.others[amount];
        if (isWindowed) {
            if (order.time <= instant - window) {
                return;
            }
            inside.add(order.time, number, other);
        }
        newest = order.time;
        count(number, other, 1);
    }

    /** Lets out what has left the window. */
    void moveTo(long instant) {
        while (!inside.isEmpty() && inside.oldestTime() <= instant - window) {
            count(inside.oldestAmount(), inside.oldestOther(), -1);
            inside.removeOldest();
        }
    }

    /**
     * @param other looked at for {@link Order#OTHER} only
     * @param times 1, or -1 to take it out again
     */
    private void count(long number, @Nullable Numeric other, int times) {
        orders += times;
        if (number == Order.NONE) {
            return;
        }
        amounts += times;
        if (number != Order.OTHER) {
            sum.add(times * number);
        } else if (other != null) {
            sum.add(other, times);
        }
    }

    /** The value at the instant that it was moved to. */
    void append(DuckDBAppender appender) throws SQLException {
        switch (column.aggregate()) {
            case COUNT -> appender.append(Math.toIntExact(orders));
            case SUM -> appendNumber(appender, sum.value());
            case AVG -> appendNumber(appender, mean(sum.value()));
            case LAST_DATE -> {
                if (orders == 0) {
                    appender.appendNull();
                } else {
                    appender.append((int) Math.floorDiv(newest, DAY));
                }
            }
        }
    }

    private void appendNumber(DuckDBAppender appender, Numeric number) throws SQLException {
        if (amounts == 0) {
            appender.appendNull();
        } else {
            appender.append(column.text(number));
        }
    }

    /** The exact quotient, rounded half away from zero. */
    private Numeric mean(Numeric total) {
        return amounts > 0 && total instanceof Numeric.Finite finite
                ? Numeric.of(finite.value().divide(BigDecimal.valueOf(amounts), MEAN_SCALE, RoundingMode.HALF_UP))
                : total;
    }
}
