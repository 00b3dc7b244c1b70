package dev.freshet.serving.export;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBAppender;

import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.TimeDomain;

/**
 * The source's users and orders in DuckDB: {@code users} (u) and {@code orders} (u, t, and for each amount a hundred-millionths, or x
 * the text of what does not fit there).
 *
 * @param orders that count
 * @param outside that do not, as no feature may be computed of them (DESIGN 1.3): they are years or digits too far
 * @param unusual the numbers of the amounts of which some do not fit
 */
record SourceRows(long users, long orders, long outside, List<Integer> unusual) {
    static SourceRows load(
            Snapshot source,
            SourceTables tables,
            List<String> amounts,
            UserFilter filter,
            Duck duck,
            Snapshot.RowCount count)
            throws SQLException {
        String user = LabelSql.userType(filter.ids());
        duck.run("CREATE TABLE users (u " + user + ")");
        long users = duck.append(
                "users",
                appender -> source.copy(
                        SelectUsers.sql(tables.users(), filter),
                        row -> {
                            appender.beginRow();
                            appendUser(row, filter.ids(), appender);
                            appender.endRow();
                        },
                        rows -> {}));
        StringBuilder columns = new StringBuilder();
        for (int i = 0; i < amounts.size(); i++) {
            columns.append(", a").append(i).append(" BIGINT, x").append(i).append(" VARCHAR");
        }
        duck.run("CREATE TABLE orders (u " + user + ", t BIGINT" + columns + ")");
        return duck.append("orders", appender -> {
            OrderSink sink = new OrderSink(filter.ids(), amounts.size(), appender);
            long orders = source.copy(SelectOrders.sql(tables.orders(), amounts, filter), sink, count);
            return new SourceRows(users, orders - sink.outside, sink.outside, sink.unusual());
        });
    }

    static void appendUser(BinaryCopy row, IdType ids, DuckDBAppender appender) throws SQLException {
        if (ids == IdType.BIGINT) {
            appender.append(row.int8());
        } else {
            appender.append(row.text());
        }
    }

    /** Appends orders, after it has seen that they are in the domain. */
    private static final class OrderSink implements Snapshot.RowSink {
        private final IdType ids;
        private final NumericField[] fields;
        private final boolean[] isNull;
        private final boolean[] unusual;
        private final DuckDBAppender appender;
        private long outside;

        OrderSink(IdType ids, int amounts, DuckDBAppender appender) {
            this.ids = ids;
            this.appender = appender;
            fields = new NumericField[amounts];
            for (int i = 0; i < amounts; i++) {
                fields[i] = new NumericField(Numeric.MAX_DIGITS);
            }
            isNull = new boolean[amounts];
            unusual = new boolean[amounts];
        }

        @Override
        public void take(BinaryCopy row) throws SQLException {
            long number = ids == IdType.BIGINT ? row.int8() : 0;
            String text = ids == IdType.BIGINT ? "" : row.text();
            long time = row.time();
            boolean inDomain = TimeDomain.contains(time);
            for (int i = 0; i < fields.length; i++) {
                isNull[i] = row.passNull();
                if (!isNull[i]) {
                    row.numeric(fields[i]);
                    inDomain &= fields[i].isInDomain();
                }
            }
            if (!inDomain) {
                outside++;
                return;
            }
            appender.beginRow();
            if (ids == IdType.BIGINT) {
                appender.append(number);
            } else {
                appender.append(text);
            }
            appender.append(time);
            for (int i = 0; i < fields.length; i++) {
                append(i);
            }
            appender.endRow();
        }

        private void append(int i) throws SQLException {
            if (isNull[i]) {
                appender.appendNull();
                appender.appendNull();
            } else if (fields[i].isSmall()) {
                appender.append(fields[i].amount());
                appender.appendNull();
            } else {
                Numeric large = fields[i].large();
                unusual[i] = true;
                appender.appendNull();
                appender.append(large.text());
            }
        }

        List<Integer> unusual() {
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < unusual.length; i++) {
                if (unusual[i]) {
                    numbers.add(i);
                }
            }
            return numbers;
        }
    }
}
