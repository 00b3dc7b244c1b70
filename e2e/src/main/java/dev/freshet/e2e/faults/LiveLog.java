package dev.freshet.e2e.faults;

import java.sql.Connection;
import java.sql.SQLException;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.schemas.Names;

/**
 * What readers see now, and the change log that it is fed from.
 *
 * @param generation its number
 * @param log that of the log
 */
record LiveLog(Names names, int generation, int log) {
    static LiveLog of(Bed bed) throws SQLException {
        try (Connection connection = bed.tables().connect()) {
            Generation live = new Generations(connection)
                    .live()
                    .orElseThrow(() -> new IllegalStateException("no generation is live"));
            return new LiveLog(bed.names(), live.number(), live.log().number());
        }
    }

    String slot() {
        return names.slot(log);
    }

    String changes() {
        return names.changes(log);
    }

    String table() {
        return names.table(generation);
    }

    /** What the source has been told is safe, as the number that an LSN is. */
    long confirmed(Bed bed) throws SQLException {
        return bed.tables()
                .number("SELECT (confirmed_flush_lsn - '0/0')::bigint FROM pg_replication_slots WHERE slot_name = '"
                        + slot() + "'");
    }
}
