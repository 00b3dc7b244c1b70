CREATE TABLE IF NOT EXISTS freshet_sink_offset (
    generation int NOT NULL,
    part int NOT NULL,
    next bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (generation, part)
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000);

CREATE TABLE IF NOT EXISTS freshet_watermark (
    generation int NOT NULL,
    part int NOT NULL,
    version bigint NOT NULL,
    lsn pg_lsn NOT NULL,
    source_time timestamptz NOT NULL,
    PRIMARY KEY (generation, part)
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 1000);

CREATE TABLE IF NOT EXISTS freshet_sink_waiting (
    generation int NOT NULL,
    part int NOT NULL,
    key bytea NOT NULL,
    value bytea NOT NULL,
    PRIMARY KEY (generation, part, key)
);

CREATE TABLE IF NOT EXISTS freshet_sink_lost (
    generation int NOT NULL,
    part int NOT NULL,
    user_id text NOT NULL,
    PRIMARY KEY (generation, part, user_id)
);

CREATE TABLE IF NOT EXISTS user_features_history (
    generation int NOT NULL,
    removed boolean NOT NULL,
    user_id bigint NOT NULL,
    "order_count_7d" int,
    "order_count_30d" int,
    "avg_order_value" numeric,
    "last_order_date" date,
    computed_at timestamptz NOT NULL,
    exact_until timestamptz,
    incomplete boolean NOT NULL DEFAULT false,
    version bigint NOT NULL,
    held_from timestamptz NOT NULL,
    PRIMARY KEY (generation, user_id, version, held_from)
) PARTITION BY RANGE (held_from);

CREATE OR REPLACE VIEW user_features_held AS
SELECT generation, user_id, version, removed, computed_at, exact_until, incomplete, held_from,
    lead(held_from) OVER (PARTITION BY generation, user_id ORDER BY version, held_from) AS held_until,
    "order_count_7d", "order_count_30d", "avg_order_value", "last_order_date"
FROM user_features_history;

CREATE TABLE IF NOT EXISTS user_features_g3 (
    user_id bigint NOT NULL,
    "order_count_7d" int,
    "order_count_30d" int,
    "avg_order_value" numeric,
    "last_order_date" date,
    computed_at timestamptz NOT NULL,
    exact_until timestamptz,
    incomplete boolean NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (user_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_limit = 2000);
CREATE INDEX IF NOT EXISTS user_features_g3_incomplete ON user_features_g3 (user_id) WHERE incomplete;

CREATE OR REPLACE VIEW user_features AS
SELECT user_id, "order_count_7d", "order_count_30d", "avg_order_value", "last_order_date", computed_at, exact_until, incomplete, version, 0 AS epoch FROM user_features_g3
WHERE false
WITH LOCAL CHECK OPTION;

CREATE OR REPLACE VIEW freshet_complete_through AS
SELECT 3 AS generation, min(lsn) AS lsn, min(source_time) AS source_time
FROM freshet_watermark WHERE generation = 3
HAVING false;

CREATE OR REPLACE VIEW user_features AS
SELECT user_id, "order_count_7d", "order_count_30d", "avg_order_value", "last_order_date", computed_at, exact_until, incomplete, version, 2 AS epoch FROM user_features_g3;

CREATE OR REPLACE VIEW freshet_complete_through AS
SELECT 3 AS generation, min(lsn) AS lsn, min(source_time) AS source_time
FROM freshet_watermark WHERE generation = 3
HAVING count(*) = 8;

WITH held AS (
    INSERT INTO user_features_g3 AS t (user_id, "order_count_7d", "order_count_30d", "avg_order_value", "last_order_date", computed_at, exact_until, incomplete, version)
    SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::numeric[], ?::date[], ?::timestamptz[], ?::timestamptz[], ?::boolean[], ?::bigint[])
    ON CONFLICT (user_id) DO UPDATE SET "order_count_7d" = excluded."order_count_7d", "order_count_30d" = excluded."order_count_30d", "avg_order_value" = excluded."avg_order_value", "last_order_date" = excluded."last_order_date", computed_at = excluded.computed_at, exact_until = excluded.exact_until, incomplete = excluded.incomplete, version = excluded.version
    WHERE excluded.version > t.version
    RETURNING t.user_id, t."order_count_7d", t."order_count_30d", t."avg_order_value", t."last_order_date", t.computed_at, t.exact_until, t.incomplete, t.version)
INSERT INTO user_features_history (generation, removed, user_id, "order_count_7d", "order_count_30d", "avg_order_value", "last_order_date", computed_at, exact_until, incomplete, version, held_from)
SELECT 3, false, held.*, now() FROM held;
