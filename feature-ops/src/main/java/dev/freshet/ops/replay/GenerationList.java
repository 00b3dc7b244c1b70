package dev.freshet.ops.replay;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.schemas.Names;

/** The generations that there are something of, and how complete each is. */
public final class GenerationList {
    private static final String TIMES = """
            SELECT g.created_at, g.live_at, w.lsn, w.source_time
            FROM %s AS g
            LEFT JOIN (
                SELECT generation, count(*) AS partitions, min(lsn)::text AS lsn, min(source_time) AS source_time
                FROM %s GROUP BY generation) AS w USING (generation, partitions)
            WHERE generation = ?""".formatted(Names.GENERATIONS, Names.WATERMARKS);

    /** Before the sink has ever run. */
    private static final String TIMES_WITHOUT_WATERMARKS =
            "SELECT created_at, live_at, NULL, NULL::timestamptz FROM " + Names.GENERATIONS + " WHERE generation = ?";

    private static final String HAS_WATERMARKS = "SELECT to_regclass('" + Names.WATERMARKS + "') IS NOT NULL";

    private final Connection target;

    public GenerationList(Connection target) {
        this.target = target;
    }

    /**
     * @param liveAt when readers were last turned to it; null for never
     * @param lsn through which it is complete; null while it is not
     * @param sourceTime of the lsn
     */
    public record Entry(
            Generation generation,
            Instant createdAt,
            @Nullable Instant liveAt,
            @Nullable String lsn,
            @Nullable Instant sourceTime) {}

    /** Oldest first, without those that were removed. */
    public List<Entry> read() throws SQLException {
        String times = hasWatermarks() ? TIMES : TIMES_WITHOUT_WATERMARKS;
        List<Entry> entries = new ArrayList<>();
        for (Generation generation : new Generations(target).allIfAny()) {
            if (!Drop.isRemoved(generation)) {
                entries.add(entry(generation, times));
            }
        }
        return entries;
    }

    private boolean hasWatermarks() throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet row = statement.executeQuery(HAS_WATERMARKS)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private Entry entry(Generation generation, String times) throws SQLException {
        try (PreparedStatement query = target.prepareStatement(times)) {
            query.setInt(1, generation.number());
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return new Entry(
                        generation,
                        row.getObject(1, OffsetDateTime.class).toInstant(),
                        instant(row, 2),
                        row.getString(3),
                        instant(row, 4));
            }
        }
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
