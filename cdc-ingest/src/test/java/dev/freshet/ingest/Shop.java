package dev.freshet.ingest;

import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postgresql.replication.LogSequenceNumber;

import dev.freshet.testkit.servers.Database;

/**
 * A source, and an account of its own of everything that was done in it: each version of an order has a total that no other
 * version has, so that it can be found in the log. For one thread.
 */
final class Shop implements AutoCloseable {
    /** A committed transaction: totals it wrote, and what the source said right behind its commit. */
    record Committed(List<Long> totals, long lsnAfter, long clockAfter) {}

    private static final Duration GONE = Duration.ofSeconds(30);

    private final Database database;
    private final boolean keepsSlots;
    private final Connection connection;
    private final Random random;
    final List<Committed> committed = new ArrayList<>();
    /** Totals of every version, by order, oldest first; an order's id is never used twice. */
    final Map<Long, List<Long>> versions = new TreeMap<>();
    /** How often each order was taken away from a user: deleted or moved. */
    final Map<String, Integer> removals = new HashMap<>();

    private final TreeMap<Long, Long> userOfOrder = new TreeMap<>();
    private final TreeSet<Long> users = new TreeSet<>();
    private List<Long> open = new ArrayList<>();
    private long lastUser;
    private long lastOrder;
    private long lastTotal;

    Shop(Database database, long seed) throws SQLException {
        this(database, seed, false);
    }

    private Shop(Database database, long seed, boolean keepsSlots) throws SQLException {
        this.database = database;
        this.keepsSlots = keepsSlots;
        connection = database.connect();
        random = new Random(seed);
    }

    /** Of a database that another shop is opened on later, whose ingest goes on from its slots. */
    static Shop keepingSlots(Database database, long seed) throws SQLException {
        return new Shop(database, seed, true);
    }

    static void create(Database database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE users (id BIGSERIAL PRIMARY KEY, email TEXT UNIQUE NOT NULL,"
                    + " created_at TIMESTAMPTZ DEFAULT now())");
            statement.execute("CREATE TABLE orders (id BIGSERIAL PRIMARY KEY, user_id BIGINT NOT NULL,"
                    + " total NUMERIC NOT NULL, created_at TIMESTAMPTZ DEFAULT now())");
        }
    }

    void sql(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void begin() throws SQLException {
        connection.setAutoCommit(false);
        open = new ArrayList<>();
    }

    private void commit() throws SQLException {
        connection.commit();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_lsn()::text,"
                        + " (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")) {
            row.next();
            committed.add(new Committed(
                    open, LogSequenceNumber.valueOf(row.getString(1)).asLong(), row.getLong(2)));
        }
    }

    void addUsers(int count) throws SQLException {
        begin();
        sql("INSERT INTO users (id, email) SELECT i, 'u' || i FROM generate_series(" + (lastUser + 1) + ", "
                + (lastUser + count) + ") i");
        for (int i = 0; i < count; i++) {
            users.add(++lastUser);
        }
        commit();
    }

    /** One transaction that inserts many orders by one COPY: its changes share LSNs. */
    void copyOrders(int count) throws SQLException {
        begin();
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            long id = ++lastOrder;
            long user = anyUser();
            long total = version(id);
            userOfOrder.put(id, user);
            rows.append(id).append('\t').append(user).append('\t').append(total).append('\n');
        }
        try {
            connection
                    .unwrap(org.postgresql.PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY orders (id, user_id, total) FROM STDIN", new java.io.StringReader(rows.toString()));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        commit();
    }

    /** A transaction of this many random operations. */
    void transaction(int operations) throws SQLException {
        begin();
        for (int i = 0; i < operations; i++) {
            operation();
        }
        commit();
    }

    private void operation() throws SQLException {
        int dice = random.nextInt(100);
        if (userOfOrder.isEmpty() || dice < 40) {
            insert(++lastOrder, anyUser());
            return;
        }
        long order = anyOrder();
        long user = userOfOrder.get(order);
        if (dice < 60) {
            sql("UPDATE orders SET total = " + version(order) + " WHERE id = " + order);
        } else if (dice < 75) {
            move(order, anyUser());
        } else if (dice < 85) {
            delete(order);
        } else if (dice < 92) {
            // Another primary key: the version goes on under a new id.
            delete(order);
            insert(++lastOrder, user);
        } else {
            long renamed = ++lastOrder;
            removed(user, order);
            userOfOrder.remove(order);
            userOfOrder.put(renamed, user);
            sql("UPDATE orders SET id = " + renamed + ", total = " + version(renamed) + " WHERE id = " + order);
        }
    }

    private void insert(long order, long user) throws SQLException {
        userOfOrder.put(order, user);
        sql("INSERT INTO orders (id, user_id, total, created_at) VALUES (" + order + ", " + user + ", " + version(order)
                + ", " + (random.nextInt(10) == 0 ? "NULL" : "clock_timestamp() - interval '1 day'") + ")");
    }

    void move(long order, long to) throws SQLException {
        long from = userOfOrder.put(order, to);
        if (from != to) {
            removed(from, order);
        }
        sql("UPDATE orders SET user_id = " + to + ", total = " + version(order) + " WHERE id = " + order);
    }

    private void delete(long order) throws SQLException {
        removed(userOfOrder.remove(order), order);
        sql("DELETE FROM orders WHERE id = " + order);
    }

    private void removed(long user, long order) {
        removals.merge(user + "/" + order, 1, Integer::sum);
    }

    private long version(long order) {
        long total = ++lastTotal;
        versions.computeIfAbsent(order, any -> new ArrayList<>()).add(total);
        open.add(total);
        return total;
    }

    private long anyUser() {
        return users.isEmpty() ? 1 + random.nextInt(50) : ceiling(users, 1 + random.nextInt((int) lastUser));
    }

    private static long ceiling(TreeSet<Long> ids, long at) {
        Long found = ids.ceiling(at);
        return found == null ? ids.first() : found;
    }

    private long anyOrder() {
        Long found = userOfOrder.ceilingKey(1 + (long) random.nextInt((int) lastOrder));
        return found == null ? userOfOrder.firstKey() : found;
    }

    /** The tables as they are: "user" and "user/order" to what the log would hold. */
    Map<String, String> rows() throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Statement statement = connection.createStatement()) {
            ResultSet user = statement.executeQuery("SELECT id FROM users");
            while (user.next()) {
                rows.put(user.getString(1), "user");
            }
            ResultSet order = statement.executeQuery(
                    "SELECT user_id, id, total," + " (extract(epoch FROM created_at) * 1000000)::bigint FROM orders");
            while (order.next()) {
                BigDecimal total = order.getBigDecimal(3);
                rows.put(order.getString(1) + "/" + order.getString(2), order.getString(4) + " " + total);
            }
        }
        return rows;
    }

    /** The major version of the source's PostgreSQL. */
    int serverVersion() throws SQLException {
        return connection.getMetaData().getDatabaseMajorVersion();
    }

    /** Where the source is now, behind everything done so far. */
    long lsn() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_lsn()::text")) {
            row.next();
            return LogSequenceNumber.valueOf(row.getString(1)).asLong();
        }
    }

    /** Up to where a slot's reader has confirmed; 0 while there is none. */
    long confirmed(String slot) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = '" + slot
                                + "'")) {
            return row.next() && row.getString(1) != null
                    ? LogSequenceNumber.valueOf(row.getString(1)).asLong()
                    : 0;
        }
    }

    boolean hasSlot(String slot) throws SQLException {
        return number("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + slot + "'") > 0;
    }

    /** Bytes of WAL that the server keeps for a slot. */
    long retained(String slot) throws SQLException {
        return number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint"
                + " FROM pg_replication_slots WHERE slot_name = '" + slot + "'");
    }

    private long number(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Every ingest that read it has ended. What it leaves in the server would be in the way of other tests. */
    @Override
    public void close() throws SQLException {
        connection.close();
        if (keepsSlots) {
            return;
        }
        try (Connection another = database.connect();
                Statement statement = another.createStatement()) {
            await("the readers of the slots are gone")
                    .atMost(GONE)
                    .ignoreExceptions()
                    .until(() -> {
                        statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                                + " WHERE database = current_database()");
                        return true;
                    });
        }
    }
}
