package dev.freshet.serving.export;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.duckdb.DuckDBAppender;

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
    /** Those in the window, oldest first. */
    private final Deque<Order> inside = new ArrayDeque<>();

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
        if (isWindowed) {
            if (order.time <= instant - window) {
                return;
            }
            inside.addLast(order);
        }
        newest = order.time;
        count(order, 1);
    }

    /** Lets out what has left the window. */
    void moveTo(long instant) {
        Order oldest = inside.peekFirst();
        while (oldest != null && oldest.time <= instant - window) {
            count(oldest, -1);
            inside.removeFirst();
            oldest = inside.peekFirst();
        }
    }

    private void count(Order order, int times) {
        orders += times;
        if (amount != NO_COLUMN && order.hasAmount(amount)) {
            amounts += times;
            order.addAmount(amount, sum, times);
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
