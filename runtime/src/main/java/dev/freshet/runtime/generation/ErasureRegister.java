package dev.freshet.runtime.generation;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;

/**
 * The register of compactions that erasures force, over one connection to the target: which settings of topics such a one altered,
 * so that what was interrupted can be put back. It names no user. What copies of state there were meanwhile is in {@link CopyRegister}.
 */
public final class ErasureRegister {
    private static final long LOCK = 37_273; // "erase" in a telephone's digits

    private static final String COUNT = "SELECT count(*) + count(ended_at) FROM " + Names.ERASURES;

    private final Connection connection;

    /**
     * A topic's own setting.
     *
     * @param value null where the topic has none of its own
     */
    public record Setting(
            String topic, String key, @Nullable String value) {}

    /**
     * A compaction that was not ended.
     *
     * @param before what is to be put back
     */
    public record Unfinished(long id, List<Setting> before) {}

    public ErasureRegister(Connection connection) {
        this.connection = connection;
    }

    /** Creates the register if it is missing. Safe to run by many at once. */
    public void createTable() throws SQLException {
        Transaction.ofDdl(connection, statement -> statement.execute("""
                CREATE TABLE IF NOT EXISTS %s (
                    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                    begun_at timestamptz NOT NULL DEFAULT now(),
                    ended_at timestamptz,
                    topics text[] NOT NULL,
                    keys text[] NOT NULL,
                    before text[] NOT NULL
                )""".formatted(Names.ERASURES)));
        CopyRegister.createTable(connection);
    }

    /** Whether this session is the only one that erases; until it ends. */
    public boolean lock() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT pg_try_advisory_lock(" + LOCK + ", hashtext(current_schema()))")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /**
     * Notes that these settings are about to be altered, in a transaction of its own. No generation can be begun from then on.
     *
     * @param generations that are fed, whose topics are compacted
     * @throws Stop.Operator if a generation is being built: it reads what may be compacted away
     */
    public long begin(List<Setting> before, Collection<Integer> generations) throws SQLException {
        return Transaction.run(connection, statement -> {
            Generations register = new Generations(connection);
            register.lock();
            requireNothingIsBuilt(register);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO " + Names.ERASURES
                    + " (topics, keys, before, generations) VALUES (?, ?, ?, ?) RETURNING id")) {
                insert.setArray(
                        1,
                        connection.createArrayOf(
                                "text", before.stream().map(Setting::topic).toArray()));
                insert.setArray(
                        2,
                        connection.createArrayOf(
                                "text", before.stream().map(Setting::key).toArray()));
                insert.setArray(
                        3,
                        connection.createArrayOf(
                                "text", before.stream().map(Setting::value).toArray()));
                insert.setArray(4, connection.createArrayOf("int", generations.toArray()));
                try (ResultSet row = insert.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            }
        });
    }

    /** @throws Stop.Operator if a generation is being built */
    public static void requireNothingIsBuilt(Generations generations) throws SQLException {
        for (Generation generation : generations.active()) {
            if (generation.state() == GenerationState.BUILDING) {
                throw new Stop.Operator(
                        "generation " + generation.number() + " is being built, and reads what an erasure removes",
                        "Wait for it (freshet replay status --watch), or give it up (freshet replay drop), and run this again");
            }
        }
    }

    /** All settings are as they were. */
    public void ended(long id) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE %1$s SET ended_at = now(), ended_as = 1 + (%2$s) WHERE id = ?"
                        .formatted(Names.ERASURES, COUNT))) {
            update.setLong(1, id);
            update.executeUpdate();
        }
    }

    /** Those that were begun and not ended, the newest first; none also if there is no register. */
    public List<Unfinished> unfinished() throws SQLException {
        if (!exists()) {
            return List.of();
        }
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id, topics, keys, before FROM " + Names.ERASURES
                        + " WHERE ended_at IS NULL ORDER BY id DESC")) {
            List<Unfinished> found = new ArrayList<>();
            while (rows.next()) {
                String[] topics = (String[]) rows.getArray(2).getArray();
                String[] keys = (String[]) rows.getArray(3).getArray();
                @Nullable String[] before = (String[]) rows.getArray(4).getArray();
                List<Setting> settings = new ArrayList<>();
                for (int i = 0; i < topics.length; i++) {
                    settings.add(new Setting(topics[i], keys[i], before[i]));
                }
                found.add(new Unfinished(rows.getLong(1), settings));
            }
            return found;
        }
    }

    /** How many beginnings and ends there were; 0 for none, also if there is no register. */
    public long count() throws SQLException {
        if (!exists()) {
            return 0;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COUNT)) {
            row.next();
            return row.getLong(1);
        }
    }

    private boolean exists() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('" + Names.ERASURES + "') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
