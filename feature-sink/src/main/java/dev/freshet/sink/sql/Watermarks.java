package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

import dev.freshet.schemas.Names;
import dev.freshet.sink.rule.Batch.Mark;

/** How complete each partition of a generation is in the table. Only rises. */
final class Watermarks {
    private static final String RAISE = """
            INSERT INTO %s AS w (generation, part, version, lsn, source_time)
            VALUES (?, ?, ?, ?::pg_lsn, ?::timestamptz)
            ON CONFLICT (generation, part) DO UPDATE
            SET version = excluded.version,
                lsn = greatest(w.lsn, excluded.lsn),
                source_time = greatest(w.source_time, excluded.source_time)
            WHERE excluded.version > w.version""".formatted(Names.WATERMARKS);

    private final int generation;

    Watermarks(int generation) {
        this.generation = generation;
    }

    void raise(Connection connection, List<Mark> marks) throws SQLException {
        if (marks.isEmpty()) {
            return;
        }
        try (PreparedStatement raise = connection.prepareStatement(RAISE)) {
            for (Mark mark : marks) {
                raise.setInt(1, generation);
                raise.setInt(2, mark.partition());
                raise.setLong(3, mark.watermark().version());
                raise.setString(4, SqlText.lsn(mark.watermark().lsn()));
                raise.setString(5, SqlText.instant(mark.watermark().computedAt()));
                raise.addBatch();
            }
            raise.executeBatch();
        }
    }
}
