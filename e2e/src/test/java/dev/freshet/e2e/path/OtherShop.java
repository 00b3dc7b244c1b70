package dev.freshet.e2e.path;

import static java.util.stream.Collectors.toMap;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.source.SourceTables;
import dev.freshet.testkit.servers.Database;

/**
 * A shop that keeps its data otherwise than the contract's: other types of ids, times without zone, amounts in cents, and orders that
 * do not count. Changes at random, as {@link Shop} does.
 */
final class OtherShop implements AutoCloseable {
    /** What the ids of users and orders are. */
    enum Ids {
        UUID_AND_TEXT("uuid", "text"),
        TEXT_AND_UUID("text", "uuid");

        private final String users;
        private final String orders;

        Ids(String users, String orders) {
            this.users = users;
            this.orders = orders;
        }
    }

    /** What Debezium puts in the place of a value that the WAL lacks, unless it is told otherwise. */
    private static final String PLACEHOLDER = "__debezium_unavailable_value";

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("source.schema", "Sales"),
            Map.entry("source.users.table", "customers"),
            Map.entry("source.users.id", "no"),
            Map.entry("source.orders.table", "Order"),
            Map.entry("source.orders.id", "receipt"),
            Map.entry("source.orders.user.id", "buyer"),
            Map.entry("source.orders.created.at", "bought at"),
            Map.entry("source.orders.created.at.type", "timestamp"),
            Map.entry("source.orders.columns.total", "cents"),
            Map.entry("source.orders.scale.total", "2"),
            Map.entry(
                    "source.orders.where",
                    "status <> 'cancelled' AND (channel IS NULL OR NOT (channel IN ('test', 'Ann''s') OR hidden = TRUE))"));

    private static final int USERS = 60;
    private static final int ORDERS = 600;
    private static final String TABLE = "\"Sales\".\"Order\"";

    private final Connection connection;
    private final SplittableRandom random;
    private final Ids ids;

    /** @param identity of the table of orders, as ALTER TABLE takes it */
    OtherShop(Database database, SplittableRandom random, Ids ids, String identity) throws SQLException {
        this.random = random;
        this.ids = ids;
        connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("""
                    CREATE SCHEMA "Sales";
                    CREATE TABLE "Sales".customers (no %1$s PRIMARY KEY, email text);
                    CREATE TYPE "Sales".status AS ENUM ('new', 'paid', 'cancelled');
                    CREATE TABLE "Sales"."Order" (
                        receipt %2$s PRIMARY KEY, buyer %1$s NOT NULL REFERENCES "Sales".customers (no),
                        cents bigint, "bought at" timestamp DEFAULT timezone('UTC', now()),
                        status "Sales".status DEFAULT 'new', channel varchar(30), hidden boolean NOT NULL DEFAULT false,
                        note text);
                    CREATE INDEX ON "Sales"."Order" (buyer);
                    CREATE UNIQUE INDEX receipt_buyer ON "Sales"."Order" (receipt, buyer);
                    ALTER TABLE "Sales"."Order" REPLICA IDENTITY %3$s""".formatted(ids.users, ids.orders, identity));
        }
        connection.setAutoCommit(false);
    }

    /** What a configuration says of it. */
    private static Map<String, String> settings(Ids ids) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("source.users.id.type", ids.users);
        return settings;
    }

    /** The same as the environment of a process has it. */
    static Map<String, String> environment(Ids ids) {
        return settings(ids).entrySet().stream()
                .collect(toMap(
                        entry -> "FRESHET_"
                                + entry.getKey().toUpperCase(Locale.ROOT).replace('.', '_'),
                        Map.Entry::getValue));
    }

    /** How a query names what it keeps. */
    static SourceTables tables(Ids ids, Database database) {
        Map<String, String> settings = settings(ids);
        for (String side : new String[] {"source", "target"}) {
            settings.put(side + ".url", database.jdbcUrl());
            settings.put(side + ".user", database.user());
        }
        settings.put("kafka.bootstrap.servers", "none:1");
        settings.put("schema.registry.url", "http://none:1");
        return SourceTables.of(FreshetConfig.of(settings).source());
    }

    /** One transaction of a few random operations; rarely rolled back. */
    void transact() throws SQLException {
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            operate();
        }
        if (random.nextInt(20) == 0) {
            connection.rollback();
        } else {
            connection.commit();
        }
    }

    private void operate() throws SQLException {
        int kind = random.nextInt(1_000);
        if (kind < 350) {
            insert(order(), user());
        } else if (kind < 550) {
            set("status = " + status(), order());
        } else if (kind < 600) {
            set("channel = " + channel() + ", hidden = " + (random.nextInt(4) == 0), order());
        } else if (kind < 650) {
            set("cents = " + cents(), order());
        } else if (kind < 700) {
            set("\"bought at\" = " + boughtAt() + ", status = " + status(), order());
        } else if (kind < 760) {
            run("UPDATE " + TABLE + " SET buyer = c.no, status = " + status()
                    + " FROM \"Sales\".customers c WHERE c.no = " + user() + " AND receipt = " + order());
        } else if (kind < 800) {
            String to = order();
            run("UPDATE " + TABLE + " SET receipt = " + to + ", status = " + status() + " WHERE receipt = " + order()
                    + " AND NOT EXISTS (SELECT FROM " + TABLE + " WHERE receipt = " + to + ")");
        } else if (kind < 860) {
            run("DELETE FROM " + TABLE + " WHERE receipt = " + order());
        } else if (kind < 880) {
            String order = order();
            run("DELETE FROM " + TABLE + " WHERE receipt = " + order);
            insert(order, user());
        } else if (kind < 965) {
            run("INSERT INTO \"Sales\".customers VALUES (" + user() + ", 'secret') ON CONFLICT DO NOTHING");
        } else if (kind < 998) {
            String user = user();
            run("DELETE FROM " + TABLE + " WHERE buyer = " + user);
            run("DELETE FROM \"Sales\".customers WHERE no = " + user);
        } else {
            run("TRUNCATE " + TABLE);
        }
    }

    private void insert(String order, String user) throws SQLException {
        run("INSERT INTO " + TABLE + " SELECT " + order + ", c.no, " + cents() + ", " + boughtAt() + ", " + status()
                + ", " + channel() + ", " + (random.nextInt(4) == 0)
                + ", 'secret' FROM \"Sales\".customers c WHERE c.no = "
                + user + " ON CONFLICT (receipt) DO NOTHING");
    }

    private void set(String assignment, String order) throws SQLException {
        run("UPDATE " + TABLE + " SET " + assignment + " WHERE receipt = " + order);
    }

    private String status() {
        return one("NULL", "'new'", "'paid'", "'cancelled'", "'cancelled'") + "::\"Sales\".status";
    }

    private String channel() {
        return one("NULL", "'web'", "'test'", "'Ann''s'", "'test '", "''", "'" + PLACEHOLDER + "'");
    }

    private String cents() {
        return one("NULL", "0", "1", "-350", "1999", "9223372036854775807", "-9223372036854775808");
    }

    private String boughtAt() {
        String now = "timezone('UTC', now())";
        return switch (random.nextInt(8)) {
            case 0 -> "NULL";
            case 1 -> now + " - interval '7 days' + interval '1 millisecond' * " + random.nextInt(20_000);
            case 2 -> now + " + interval '1 millisecond' * " + random.nextInt(20_000);
            case 3 -> "'2024-03-31 02:30:00.000001'";
            default -> now + " - interval '1 microsecond' * " + random.nextLong(40L * 86_400_000_000L);
        };
    }

    private String one(String... values) {
        return values[random.nextInt(values.length)];
    }

    private String user() {
        return id(ids.users, random.nextInt(1 + random.nextInt(USERS)));
    }

    private String order() {
        return id(ids.orders, random.nextInt(ORDERS));
    }

    /** Of texts the first two are such as stand for something else elsewhere. */
    private static String id(String type, int number) {
        if (type.equals("uuid")) {
            return "md5('" + number + "')::uuid";
        }
        return switch (number) {
            case 0 -> "''";
            case 1 -> "'" + PLACEHOLDER + "'";
            default -> "'№ " + number + "/ä'";
        };
    }

    private void run(String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
