package dev.freshet.e2e.bed;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

import dev.freshet.testkit.servers.Database;

/** The bed's database, asked and told over a session for each question: it goes away and comes back all the time. */
public final class BedTables {
    /** Users whom nobody changes, for the table and its state to be of some size. Beyond those of {@link Load}. */
    private static final int QUIET_USERS = 400;

    private static final int ORDERS_OF_EACH = 100;

    private static final String FILL = """
            INSERT INTO users (id, email) SELECT 900000 + n, 'quiet' || n FROM generate_series(1, %1$d) AS n;
            INSERT INTO orders (id, user_id, total, created_at)
            SELECT 90000000 + n, 900001 + n %% %1$d, n / 100.0, now() - interval '1 second' * (n * 97 %% 5000000)
            FROM generate_series(1, %2$d) AS n;
            SELECT setval('orders_id_seq', 100000000)""";

    private final Database database;

    BedTables(Database database) {
        this.database = database;
    }

    void fill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(FILL.formatted(QUIET_USERS, quietOrders()));
        }
    }

    /** How many orders nobody changes but faults. */
    public int quietOrders() {
        return QUIET_USERS * ORDERS_OF_EACH;
    }

    public Database database() {
        return database;
    }

    public Connection connect() throws SQLException {
        return database.connect();
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row; 0 for NULL, or if there is none. */
    public long number(String sql) throws SQLException {
        String text = textOrNull(sql);
        return text == null ? 0 : Long.parseLong(text);
    }

    public boolean holds(String sql) throws SQLException {
        return "t".equals(textOrNull(sql));
    }

    public String text(String sql) throws SQLException {
        String text = textOrNull(sql);
        if (text == null) {
            throw new SQLException("nothing to be had by " + sql);
        }
        return text;
    }

    private @Nullable String textOrNull(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : null;
        }
    }
}
