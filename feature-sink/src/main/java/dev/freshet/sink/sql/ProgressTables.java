package dev.freshet.sink.sql;

import java.util.List;

import dev.freshet.schemas.Names;

/** The sink's own tables: positions, watermarks, rows that wait for their user, and what was lost. Small, and updated all the time. */
final class ProgressTables {
    private ProgressTables() {}

    static List<String> create() {
        return List.of(
                """
                CREATE TABLE IF NOT EXISTS %s (
                    generation int NOT NULL,
                    part int NOT NULL,
                    next bigint NOT NULL,
                    updated_at timestamptz NOT NULL DEFAULT now(),
                    PRIMARY KEY (generation, part)
                ) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000)""".formatted(Names.SINK_OFFSETS),
                """
                CREATE TABLE IF NOT EXISTS %s (
                    generation int NOT NULL,
                    part int NOT NULL,
                    version bigint NOT NULL,
                    lsn pg_lsn NOT NULL,
                    source_time timestamptz NOT NULL,
                    PRIMARY KEY (generation, part)
                ) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000)""".formatted(Names.WATERMARKS),
                """
                CREATE TABLE IF NOT EXISTS %s (
                    generation int NOT NULL,
                    part int NOT NULL,
                    key bytea NOT NULL,
                    value bytea NOT NULL,
                    PRIMARY KEY (generation, part, key)
                )""".formatted(Names.WAITING_ROWS),
                """
                CREATE TABLE IF NOT EXISTS %s (
                    generation int NOT NULL,
                    part int NOT NULL,
                    user_id text NOT NULL,
                    PRIMARY KEY (generation, part, user_id)
                )""".formatted(Names.LOST));
    }
}
