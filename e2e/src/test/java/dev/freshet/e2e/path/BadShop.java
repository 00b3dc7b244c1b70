package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.record.DeadLetter;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** A shop that checks little of what is written into it, with a pipeline behind it that is not in UTC. */
final class BadShop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SharedServers servers = SharedServers.get();
    private final Database database = servers.newDatabase();
    private final Connection connection;
    private final Pipeline pipeline = Pipeline.of(servers, database);
    private int users;

    BadShop() throws SQLException {
        this("");
    }

    /** @param more SQL that is run before Freshet sees the tables */
    BadShop(String more) throws SQLException {
        connection = database.connect();
        sql("""
                CREATE TABLE users (
                    id bigserial PRIMARY KEY, email text UNIQUE NOT NULL, created_at timestamptz DEFAULT now());
                CREATE TABLE orders (
                    id bigserial PRIMARY KEY, user_id bigint, total numeric, created_at timestamptz DEFAULT now(),
                    note text);
                CREATE INDEX ON orders (user_id);""");
        sql(more);
        pipeline.start(Pipeline.Part.ALL, Map.of("JAVA_TOOL_OPTIONS", "-Duser.timezone=Europe/Berlin"));
    }

    void sql(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row; null if there is no row. */
    String query(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }

    long user() throws SQLException {
        return Long.parseLong(query("INSERT INTO users (email) VALUES ('u" + ++users + "@example.com') RETURNING id"));
    }

    /** @param user and the others are SQL expressions */
    long order(Object user, String total, String createdAt) throws SQLException {
        return Long.parseLong(query("INSERT INTO orders (user_id, total, created_at) VALUES (" + user + ", " + total
                + ", " + createdAt + ") RETURNING id"));
    }

    /** "7d 30d average last" once the table has caught up. */
    String features(long user) throws SQLException {
        assertTruth();
        return query("SELECT concat_ws(' ', order_count_7d, order_count_30d, avg_order_value, last_order_date)"
                + " FROM user_features WHERE user_id = " + user);
    }

    void assertTruth() throws SQLException {
        Truth.assertTableIsTheTruth(database, pipeline);
    }

    boolean isIncomplete(long user) throws SQLException {
        return "t".equals(query("SELECT incomplete FROM user_features WHERE user_id = " + user));
    }

    /** Waits until its user is incomplete because of it, and returns its dead letter, which has all a letter must have. */
    DeadLetter quarantined(long user, long order) throws SQLException {
        await("user " + user + " is incomplete").atMost(PATIENCE).until(() -> {
            assertThat(pipeline.handle(Pipeline.Part.ALL).isAlive())
                    .as(pipeline.log())
                    .isTrue();
            return isIncomplete(user);
        });
        ChangeKey row = ChangeKey.order(Id.of(user), Id.of(order));
        List<DeadLetter> letters =
                letters().stream().filter(letter -> row.equals(letter.row())).toList();
        assertThat(letters).singleElement().satisfies(letter -> {
            assertThat(letter.stage()).isEqualTo("ingest");
            assertThat(letter.place()).matches("table=public.orders lsn=[0-9A-F]+/[0-9A-F]+ xid=\\d+");
            assertThat(letter.reason()).isNotBlank();
            assertThat(text(letter)).contains("\"id\":" + order);
        });
        return letters.get(0);
    }

    static String text(DeadLetter letter) {
        return new String(letter.value(), StandardCharsets.UTF_8);
    }

    List<DeadLetter> letters() {
        return new DeadLetterTopic(servers, new Names(pipeline.name())).read();
    }

    /** The text that the values of the change log have in them, among bytes that are none. */
    List<String> changeLog() {
        String topic = new Names(pipeline.name()).changes(1);
        return DeadLetterTopic.values(servers.kafka().bootstrapServers(), topic).stream()
                .filter(value -> value != null)
                .map(value -> new String(value, StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Override
    public void close() throws SQLException {
        pipeline.close();
        connection.close();
    }
}
