CREATE OR REPLACE FUNCTION user_features_at(at timestamptz)
RETURNS TABLE (user_id bigint, "order_count_7d" int, "order_count_30d" int, "avg_order_value" numeric, "last_order_date" date)
LANGUAGE sql STABLE
AS $truth$
    SELECT u."id",
        a."order_count_7d"::int,
        a."order_count_30d"::int,
        sign(a."avg_order_value$sum") * div(abs(a."avg_order_value$sum") * 20000 + a."avg_order_value$count", 2 * a."avg_order_value$count") * 0.0001,
        (a."last_order_date" AT TIME ZONE 'UTC')::date
    FROM "public"."users" AS u
    CROSS JOIN LATERAL (
        SELECT
            count(o."created_at") FILTER (WHERE o."created_at" > $1 - interval '168 hours') AS "order_count_7d",
            count(o."created_at") FILTER (WHERE o."created_at" > $1 - interval '720 hours') AS "order_count_30d",
            sum(o."total"::numeric) AS "avg_order_value$sum",
            count(o."total"::numeric) AS "avg_order_value$count",
            max(o."created_at") AS "last_order_date"
        FROM "public"."orders" AS o
        WHERE o."user_id" = u."id" AND o."created_at" <= $1
    ) AS a
$truth$;
