package dev.freshet.e2e.watch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.freshet.schemas.Numeric;

/**
 * What happens in the shop, noted by triggers in the very transactions that do it: a record of the source that owes nothing to
 * decoding, Debezium or ingest. The server has to run with track_commit_timestamp. Not safe for use by several threads.
 */
public final class Journal {
    private static final String INSTALL = """
            CREATE TABLE shop_journal (
                seq bigserial PRIMARY KEY, xid xid8 NOT NULL DEFAULT pg_current_xact_id(), kind text NOT NULL,
                row_id bigint NOT NULL, user_id bigint, created_at timestamptz, total numeric);
            CREATE INDEX ON shop_journal (xid);
            CREATE FUNCTION shop_note_user() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'INSERT' THEN
                    INSERT INTO shop_journal (kind, row_id) VALUES ('user left', OLD.id);
                END IF;
                IF TG_OP <> 'DELETE' THEN
                    INSERT INTO shop_journal (kind, row_id) VALUES ('user came', NEW.id);
                END IF;
                RETURN NULL;
            END $$;
            CREATE FUNCTION shop_note_order() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'INSERT' THEN
                    INSERT INTO shop_journal (kind, row_id, user_id) VALUES ('order left', OLD.id, OLD.user_id);
                END IF;
                IF TG_OP <> 'DELETE' THEN
                    INSERT INTO shop_journal (kind, row_id, user_id, created_at, total)
                    VALUES ('order came', NEW.id, NEW.user_id, NEW.created_at, NEW.total);
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER shop_note AFTER INSERT OR UPDATE OR DELETE ON users
                FOR EACH ROW EXECUTE FUNCTION shop_note_user();
            CREATE TRIGGER shop_note AFTER INSERT OR UPDATE OR DELETE ON orders
                FOR EACH ROW EXECUTE FUNCTION shop_note_order()""";

    /** What is in flight now is below the next look's beginning, so what it commits is not passed over. */
    private static final String BEGIN_OF_NEXT = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text";

    private static final String READ = """
            SELECT xid::text::bigint, (extract(epoch FROM pg_xact_commit_timestamp(xid::xid)) * 1000000)::bigint,
                kind, row_id, user_id, (extract(epoch FROM created_at) * 1000000)::bigint, total::text
            FROM shop_journal WHERE xid >= ?::xid8 ORDER BY seq""";

    private String begin = "0";
    private Set<Long> known = new HashSet<>();

    /** Begins the record, in a shop whose tables are there and empty. */
    public static void install(Connection shop) throws SQLException {
        try (Statement statement = shop.createStatement()) {
            statement.execute(INSTALL);
        }
    }

    /**
     * What has been committed and was not told before, in the order of the commits.
     *
     * @param connection in auto-commit mode
     */
    List<Committed> news(Connection connection) throws SQLException {
        String nextBegin;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(BEGIN_OF_NEXT)) {
            row.next();
            nextBegin = row.getString(1);
        }
        Map<Long, Committed> found = read(connection);
        List<Committed> news = found.values().stream()
                .filter(one -> !known.contains(one.xid()))
                .sorted(Comparator.comparingLong(Committed::micros).thenComparingLong(Committed::xid))
                .toList();
        begin = nextBegin;
        known = new HashSet<>(found.keySet());
        return news;
    }

    private Map<Long, Committed> read(Connection connection) throws SQLException {
        Map<Long, List<Happening>> happenings = new LinkedHashMap<>();
        Map<Long, Long> micros = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(READ)) {
            select.setString(1, begin);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long xid = row.getLong(1);
                    micros.put(xid, row.getLong(2));
                    happenings.computeIfAbsent(xid, none -> new ArrayList<>()).add(happening(row));
                }
            }
        }
        Map<Long, Committed> found = new LinkedHashMap<>();
        happenings.forEach((xid, all) -> found.put(xid, new Committed(xid, micros.getOrDefault(xid, 0L), all)));
        return found;
    }

    private static Happening happening(ResultSet row) throws SQLException {
        String kind = row.getString(3);
        long id = row.getLong(4);
        long user = row.getLong(5);
        return switch (kind) {
            case "user came" -> new Happening.UserCame(id);
            case "user left" -> new Happening.UserLeft(id);
            case "order left" -> new Happening.OrderLeft(id, user);
            case "order came" -> {
                long createdAt = row.getLong(6);
                yield new Happening.OrderCame(
                        id, user, row.wasNull() ? null : (Long) createdAt, Numeric.parse(row.getString(7)));
            }
            default -> throw new IllegalStateException("not a kind of happening: " + kind);
        };
    }
}
