package dev.freshet.cli.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;

import dev.freshet.runtime.time.Time;

/** Applies one change of each kind to the shop, in the connection's transaction. */
final class ShopChanges implements AutoCloseable {
    private final Draws draws;
    private final Time time;
    private final IdBag users = new IdBag();
    private final IdBag orders = new IdBag();
    private final PreparedStatement insertOrder;
    private final PreparedStatement editTotal;
    private final PreparedStatement editDate;
    private final PreparedStatement move;
    private final PreparedStatement deleteOrder;
    private final PreparedStatement insertUser;
    private final PreparedStatement deleteOrdersOfUser;
    private final PreparedStatement deleteUser;

    ShopChanges(Connection connection, Draws draws, Time time) throws SQLException {
        this.draws = draws;
        this.time = time;
        insertOrder = connection.prepareStatement(
                "INSERT INTO orders (user_id, total, created_at) VALUES (?, ?, ?) RETURNING id");
        editTotal = connection.prepareStatement("UPDATE orders SET total = ? WHERE id = ?");
        editDate = connection.prepareStatement("UPDATE orders SET created_at = ? WHERE id = ?");
        move = connection.prepareStatement("UPDATE orders SET user_id = ? WHERE id = ?");
        deleteOrder = connection.prepareStatement("DELETE FROM orders WHERE id = ?");
        insertUser = connection.prepareStatement(
                "INSERT INTO users (email) VALUES ('user-' || gen_random_uuid() || '@shop.example') RETURNING id");
        deleteOrdersOfUser = connection.prepareStatement("DELETE FROM orders WHERE user_id = ?");
        deleteUser = connection.prepareStatement("DELETE FROM users WHERE id = ?");
        load(connection);
    }

    /** Learns what there is; again when somebody else changed the shop too. */
    void load(Connection connection) throws SQLException {
        users.clear();
        orders.clear();
        String isProbe = "email LIKE '" + Shop.PROBE_EMAIL.formatted(0).replace("0", "%") + "'";
        try (Statement statement = connection.createStatement()) {
            addAll(statement, "SELECT id FROM users WHERE NOT " + isProbe + " ORDER BY id", users);
            addAll(
                    statement,
                    "SELECT id FROM orders WHERE user_id NOT IN (SELECT id FROM users WHERE " + isProbe + ")",
                    orders);
        }
    }

    private static void addAll(Statement statement, String query, IdBag bag) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                bag.add(rows.getLong(1));
            }
        }
    }

    /** Returns how many rows it changed: none when what it was to change is gone. */
    int apply(Kind kind) throws SQLException {
        if (users.size() == 0) {
            return insertUser();
        }
        return switch (kind) {
            case INSERT_ORDER -> insertOrder(draws.happens(70) ? time.now() : draws.orderTime(time.now()));
            case INSERT_FUTURE_ORDER -> insertOrder(draws.soon(time.now()));
            case INSERT_LEAVING_ORDER -> insertOrder(draws.leavingSoon(time.now()));
            case EDIT_TOTAL -> {
                editTotal.setBigDecimal(1, draws.total());
                yield changeOrder(editTotal, 2);
            }
            case EDIT_DATE -> {
                editDate.setObject(1, draws.orderTime(time.now()).atOffset(ZoneOffset.UTC));
                yield changeOrder(editDate, 2);
            }
            case MOVE_ORDER -> {
                move.setLong(1, users.get(draws.skewedIndex(users.size())));
                yield changeOrder(move, 2);
            }
            case DELETE_ORDER -> changeOrder(deleteOrder, 1);
            case INSERT_USER -> insertUser();
            case DELETE_USER -> deleteUser();
        };
    }

    private int insertOrder(Instant createdAt) throws SQLException {
        insertOrder.setLong(1, users.get(draws.skewedIndex(users.size())));
        insertOrder.setBigDecimal(2, draws.total());
        insertOrder.setObject(3, createdAt.atOffset(ZoneOffset.UTC));
        orders.add(id(insertOrder));
        return 1;
    }

    /** @param idParameter which of the statement's parameters is the order's id */
    private int changeOrder(PreparedStatement statement, int idParameter) throws SQLException {
        if (orders.size() == 0) {
            return 0;
        }
        int index = draws.index(orders.size());
        statement.setLong(idParameter, orders.get(index));
        int changed = statement.executeUpdate();
        if (changed == 0 || statement == deleteOrder) {
            orders.removeAt(index);
        }
        return changed;
    }

    private int insertUser() throws SQLException {
        users.add(id(insertUser));
        return 1;
    }

    private int deleteUser() throws SQLException {
        // Who orders much rarely leaves.
        int index = users.size() - 1 - draws.skewedIndex(users.size());
        long user = users.get(index);
        users.removeAt(index);
        deleteOrdersOfUser.setLong(1, user);
        deleteUser.setLong(1, user);
        return deleteOrdersOfUser.executeUpdate() + deleteUser.executeUpdate();
    }

    private static long id(PreparedStatement insert) throws SQLException {
        try (ResultSet row = insert.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : new PreparedStatement[] {
            insertOrder, editTotal, editDate, move, deleteOrder, insertUser, deleteOrdersOfUser, deleteUser
        }) {
            statement.close();
        }
    }
}
