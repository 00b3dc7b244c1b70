package dev.freshet.sink.sql;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.freshet.schemas.Names;

/** The sink's own tables: positions, watermarks, rows that wait for their user, and what was lost. Small, and updated all the time. */
final class ProgressTables {
    /** What they hold of entries before the position stands nowhere else: without them no position is worth anything. */
    static final List<String> BEFORE_POSITIONS = List.of(Names.WAITING_ROWS, Names.LOST);

    private ProgressTables() {}

    static Collection<String> names() {
        return create().keySet();
    }

    /** By name, the statements. */
    static Map<String, String> create() {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put(Names.SINK_OFFSETS, """
                CREATE TABLE IF NOT EXISTS %s (
                    generation int NOT NULL,
                    part int NOT NULL,
                    next bigint NOT NULL,
                    updated_at timestamptz NOT NULL DEFAULT now(),
                    PRIMARY KEY (generation, part)
                ) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000)""".formatted(Names.SINK_OFFSETS));
        tables.put(Names.WATERMARKS, """
                CREATE TABLE IF NOT EXISTS %s (
                    generation int NOT NULL,
                    part int NOT NULL,
                    version bigint NOT NULL,
                    lsn pg_lsn NOT NULL,
                    source_time timestamptz NOT NULL,
                    PRIMARY KEY (generation, part)
                ) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000)""".formatted(Names.WATERMARKS));
        tables.put(Names.WAITING_ROWS, """
                CREATE TABLE IF NOT EXISTS %s (
                    generation int NOT NULL,
                    part int NOT NULL,
                    key bytea NOT NULL,
                    value bytea NOT NULL,
                    PRIMARY KEY (generation, part, key)
                )""".formatted(Names.WAITING_ROWS));
        tables.put(Names.LOST, """
                CREATE TABLE IF NOT EXISTS %s (
                    generation int NOT NULL,
                    part int NOT NULL,
                    user_id text NOT NULL,
                    PRIMARY KEY (generation, part, user_id)
                )""".formatted(Names.LOST));
        return tables;
    }
}
