package dev.freshet.serving.explain;

import static dev.freshet.runtime.source.SourceTables.quoted;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.SourceSettings;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.TimeDomain;

/** One user's row and orders, as they are in the source now, in one snapshot and in bounded memory. */
final class SourceRows {
    private static final int FETCHED_AT_ONCE = 1_000;
    private static final int FIRST_AMOUNT = 4;

    private final Connection connection;
    private final int columns;
    private final String moment;
    private final String orders;

    SourceRows(Connection connection, FreshetConfig config) {
        this.connection = connection;
        List<String> names = config.catalogue().columns();
        columns = names.size();
        SourceSettings settings = config.source();
        SourceTables tables = SourceTables.of(settings);
        String idType = tables.users().idType().sqlName();
        moment = """
                SELECT EXISTS (SELECT FROM %s WHERE u.%s = ?::%s),
                    (extract(epoch FROM clock_timestamp()) * 1000000)::bigint,
                    (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint""".formatted(tables.users().rows("u"), quoted(tables.users().id()), idType);
        StringBuilder amounts = new StringBuilder();
        names.forEach(name ->
                amounts.append(", (").append(tables.orders().amount(name)).append(")::text"));
        orders = """
                SELECT o.%1$s::text, %2$s IS NULL,
                    CASE WHEN isfinite(%2$s) THEN (extract(epoch FROM %2$s) * 1000000)::bigint END%3$s
                FROM %4$s WHERE o.%5$s = ?::%6$s""".formatted(
                        quoted(settings.orders().id()),
                        tables.orders().time(),
                        amounts,
                        tables.orders().rows("o"),
                        quoted(tables.orders().user()),
                        idType);
    }

    /**
     * When the source was looked at.
     *
     * @param hasUser whether there is a row of users
     * @param clock of the source's machine, in epoch microseconds
     * @param lsn every transaction that the snapshot sees has committed before it
     */
    record Moment(boolean hasUser, long clock, long lsn) {}

    /** Reads the user; the function makes, of what there is at that moment, what the orders are added to. */
    Recomputation read(Id user, Function<Moment, Recomputation> begin) throws SQLException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try {
            Recomputation recomputation = begin.apply(moment(user));
            addOrders(user, recomputation);
            return recomputation;
        } finally {
            connection.rollback();
        }
    }

    private Moment moment(Id user) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(moment)) {
            query.setString(1, user.toString());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new Moment(row.getBoolean(1), row.getLong(2), row.getLong(3));
            }
        }
    }

    private void addOrders(Id user, Recomputation recomputation) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(orders)) {
            query.setFetchSize(FETCHED_AT_ONCE);
            query.setString(1, user.toString());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    add(rows, recomputation);
                }
            }
        }
    }

    private void add(ResultSet row, Recomputation recomputation) throws SQLException {
        boolean timeless = row.getBoolean(2);
        long createdAt = row.getLong(3);
        boolean inDomain = timeless || (!row.wasNull() && TimeDomain.contains(createdAt));
        @Nullable List<@Nullable Numeric> amounts = inDomain ? amounts(row) : null;
        if (amounts == null) {
            recomputation.addOutsideDomain();
        } else if (timeless) {
            recomputation.addTimeless();
        } else {
            recomputation.add(new SourceOrder(row.getString(1), createdAt, amounts));
        }
    }

    /** Null if one of them has too many digits. */
    private @Nullable List<@Nullable Numeric> amounts(ResultSet row) throws SQLException {
        List<@Nullable Numeric> amounts = new ArrayList<>(columns);
        for (int i = 0; i < columns; i++) {
            String text = row.getString(FIRST_AMOUNT + i);
            try {
                amounts.add(text == null ? null : Numeric.parse(text));
            } catch (NumberFormatException e) {
                return null;
            }
        }
        return amounts;
    }
}
