package dev.freshet.runtime.generation;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.generation.StateCopy.Job;
import dev.freshet.runtime.generation.StateCopy.Keeping;
import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.schemas.Names;

/**
 * Which copies of state had taken in a user's end before it was compacted away, over one connection to the target. The erasure asks, and
 * each instance of streams answers. A copy that was filled while the topics were compacted may hold what no changelog tells of any
 * more; the erasure is settled once each of these was begun anew.
 */
public final class CopyRegister {
    private static final String LISTENING = "10 seconds";

    private final Connection connection;

    /**
     * An erasure of which it is not known yet that no copy keeps anything.
     *
     * @param generations whose topics were compacted
     * @param endedAs {@link ErasureRegister#count()} at its end; 0 while it is under way
     * @param marks of the copies that had taken in all before anything was compacted; null while nothing was
     * @param askedAt when somebody asked last, if somebody listens
     */
    public record Unsettled(
            long id,
            Set<Integer> generations,
            long endedAs,
            @Nullable Set<String> marks,
            Optional<OffsetDateTime> askedAt) {

        /** Whether anybody needs to know of copies: while it is asked, and where one may have to be begun anew. */
        public boolean wantsCopies() {
            return askedAt.isPresent() || (endedAs > 0 && marks != null);
        }

        /** Whether the copy holds nothing that was erased. */
        public boolean isClean(StateCopy copy) {
            return copy.keeping() == Keeping.NOTHING
                    || marks == null
                    || marks.contains(copy.mark())
                    || (endedAs > 0 && copy.job().erasures() >= endedAs);
        }
    }

    public CopyRegister(Connection connection) {
        this.connection = connection;
    }

    static void createTable(Connection connection) throws SQLException {
        Transaction.ofDdl(connection, statement -> {
            if (exists(statement)) {
                return false;
            }
            statement.execute("""
                    ALTER TABLE %s
                        ADD COLUMN IF NOT EXISTS generations int[] NOT NULL DEFAULT '{}',
                        ADD COLUMN IF NOT EXISTS ended_as bigint NOT NULL DEFAULT 0,
                        ADD COLUMN IF NOT EXISTS marks text[],
                        ADD COLUMN IF NOT EXISTS asked_at timestamptz,
                        ADD COLUMN IF NOT EXISTS settled_at timestamptz""".formatted(Names.ERASURES));
            return statement.execute("""
                    CREATE TABLE IF NOT EXISTS %s (
                        generation int NOT NULL,
                        part int NOT NULL,
                        instance text NOT NULL,
                        life text NOT NULL,
                        erasures bigint NOT NULL,
                        running boolean NOT NULL,
                        keeping text NOT NULL,
                        fills bigint NOT NULL,
                        changelogs text[] NOT NULL,
                        positions bigint[] NOT NULL,
                        answers timestamptz NOT NULL,
                        PRIMARY KEY (generation, part, instance)
                    )""".formatted(Names.STATE_COPIES));
        });
    }

    private static boolean exists(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT to_regclass('" + Names.STATE_COPIES + "') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** Asks all instances, who answer while it is asked again every few seconds. Answers from then on answer this. */
    public OffsetDateTime ask() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            OffsetDateTime now;
            try (ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
                row.next();
                now = row.getObject(1, OffsetDateTime.class);
            }
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE " + Names.ERASURES + " SET asked_at = ? WHERE settled_at IS NULL")) {
                update.setObject(1, now);
                update.executeUpdate();
            }
            return now;
        }
    }

    /** Answers what was asked at that time. */
    public void answer(StateCopy copy, OffsetDateTime askedAt) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement("""
                INSERT INTO %s VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (generation, part, instance) DO UPDATE SET life = EXCLUDED.life, erasures = EXCLUDED.erasures,
                    running = EXCLUDED.running, keeping = EXCLUDED.keeping, fills = EXCLUDED.fills,
                    changelogs = EXCLUDED.changelogs, positions = EXCLUDED.positions, answers = EXCLUDED.answers""".formatted(Names.STATE_COPIES))) {
            List<String> changelogs = List.copyOf(copy.positions().keySet());
            upsert.setInt(1, copy.job().generation());
            upsert.setInt(2, copy.partition());
            upsert.setString(3, copy.job().instance());
            upsert.setString(4, copy.job().life());
            upsert.setLong(5, copy.job().erasures());
            upsert.setBoolean(6, copy.isRunning());
            upsert.setString(7, copy.keeping().name());
            upsert.setLong(8, copy.fills());
            upsert.setArray(9, connection.createArrayOf("text", changelogs.toArray()));
            upsert.setArray(
                    10,
                    connection.createArrayOf(
                            "bigint",
                            changelogs.stream().map(copy.positions()::get).toArray()));
            upsert.setObject(11, askedAt);
            upsert.executeUpdate();
        }
    }

    /** By instance, the answers of a generation to what was asked at that time or later. */
    public Map<String, StateCopy> answers(int generation, int partition, OffsetDateTime askedAt) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT instance, life, erasures, running, keeping, fills, changelogs, positions FROM "
                        + Names.STATE_COPIES + " WHERE generation = ? AND part = ? AND answers >= ?")) {
            query.setInt(1, generation);
            query.setInt(2, partition);
            query.setObject(3, askedAt);
            Map<String, StateCopy> answers = new HashMap<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    String[] changelogs = (String[]) row.getArray("changelogs").getArray();
                    Long[] positions = (Long[]) row.getArray("positions").getArray();
                    Map<String, Long> byChangelog = new HashMap<>();
                    for (int i = 0; i < changelogs.length; i++) {
                        byChangelog.put(changelogs[i], positions[i]);
                    }
                    Job job = new Job(
                            generation, row.getString("instance"), row.getString("life"), row.getLong("erasures"));
                    answers.put(
                            job.instance(),
                            new StateCopy(
                                    job,
                                    partition,
                                    row.getBoolean("running"),
                                    Keeping.valueOf(row.getString("keeping")),
                                    row.getLong("fills"),
                                    byChangelog));
                }
            }
            return answers;
        }
    }

    /** These copies have taken in all that is about to be compacted away. */
    public void note(long id, Collection<String> marks) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE " + Names.ERASURES + " SET marks = ? WHERE id = ?")) {
            update.setArray(1, connection.createArrayOf("text", marks.toArray()));
            update.setLong(2, id);
            update.executeUpdate();
        }
    }

    /** Those that are not settled, the oldest first; none also if there is no register. */
    public List<Unsettled> unsettled() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!exists(statement)) {
                return List.of();
            }
            try (ResultSet rows = statement.executeQuery("""
                    SELECT id, generations, ended_as, marks,
                        CASE WHEN asked_at > clock_timestamp() - interval '%s' THEN asked_at END
                    FROM %s WHERE settled_at IS NULL AND generations <> '{}' ORDER BY id""".formatted(LISTENING, Names.ERASURES))) {
                List<Unsettled> found = new ArrayList<>();
                while (rows.next()) {
                    Array marks = rows.getArray(4);
                    found.add(new Unsettled(
                            rows.getLong(1),
                            Set.of((Integer[]) rows.getArray(2).getArray()),
                            rows.getLong(3),
                            marks == null ? null : Set.copyOf(List.of((String[]) marks.getArray())),
                            Optional.ofNullable(rows.getObject(5, OffsetDateTime.class))));
                }
                return found;
            }
        }
    }

    /** No copy keeps anything, and no answer is wanted any more. */
    public void settled(long id) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM " + Names.STATE_COPIES);
        }
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE " + Names.ERASURES + " SET settled_at = now() WHERE id = ?")) {
            update.setLong(1, id);
            update.executeUpdate();
        }
    }
}
