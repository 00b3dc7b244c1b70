package dev.freshet.serving.export;

import static java.util.stream.Collectors.joining;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Numeric;

/** Reads the orders of the users that have labels, by user and time. */
final class OrderReader {
    /** The domain was asked for already; this only has to let pass what is in it. */
    private static final int MAX_DIGITS = 2 * Numeric.MAX_DIGITS;

    private final ResultSet rows;
    private final int amounts;
    private final int[] unusualAt;
    private final Order order;
    private boolean atEnd;
    private long user;

    OrderReader(ResultSet rows, int amounts, List<Integer> unusual) throws SQLException {
        this.rows = rows;
        this.amounts = amounts;
        order = new Order(amounts);
        unusualAt = new int[amounts];
        for (int i = 0; i < unusual.size(); i++) {
            unusualAt[unusual.get(i)] = 3 + amounts + i;
        }
        next();
    }

    /** @param unusual the numbers of the amounts of which some are text */
    static String sql(int amounts, List<Integer> unusual) {
        String columns = IntStream.range(0, amounts).mapToObj(i -> ", o.a" + i).collect(joining())
                + unusual.stream().map(i -> ", o.x" + i).collect(joining());
        return "SELECT p.k, o.t" + columns + " FROM orders AS o JOIN people AS p ON o.u = p.u ORDER BY p.k, o.t";
    }

    /** Whether there is one more, and it is this user's. */
    boolean isOf(long number) {
        return !atEnd && user == number;
    }

    Order order() {
        return order;
    }

    /** Passes those of the users before this one. */
    void skipTo(long number) throws SQLException {
        while (!atEnd && user < number) {
            next();
        }
    }

    void next() throws SQLException {
        atEnd = !rows.next();
        if (atEnd) {
            return;
        }
        user = rows.getLong(1);
        order.time = rows.getLong(2);
        for (int i = 0; i < amounts; i++) {
            long small = rows.getLong(3 + i);
            boolean isSmall = !rows.wasNull();
            @Nullable Numeric other = isSmall ? null : unusual(i);
            order.amounts[i] = isSmall ? small : other == null ? Order.NONE : Order.OTHER;
            order.others[i] = other;
        }
    }

    private @Nullable Numeric unusual(int amount) throws SQLException {
        String text = unusualAt[amount] > 0 ? rows.getString(unusualAt[amount]) : null;
        return text == null ? null : Numeric.parse(text, MAX_DIGITS);
    }
}
