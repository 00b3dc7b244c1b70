package dev.freshet.serving.export;

import static java.util.stream.Collectors.joining;

import java.sql.SQLException;
import java.util.List;

/**
 * Finds what a reader saw at each label's instant, into the table {@code served}, by its row: of the generation that was live then,
 * the version that its table held.
 */
final class ServedJoin {
    private ServedJoin() {}

    /** What is known of what a reader saw. */
    enum Outcome {
        /** A row. */
        SERVED,
        /** That there was no row. */
        ABSENT,
        /** Nothing, for no generation was live yet. */
        BEFORE,
        /** Nothing, for the days that would tell were dropped from the history. */
        DROPPED
    }

    static void run(Duck duck, Epochs epochs, List<FeatureColumn> columns) throws SQLException {
        // The higher version stays, whenever it came: in one microsecond with another, or before it by a clock that
        // stepped back.
        duck.run("""
                CREATE TABLE served AS
                WITH held AS (
                    SELECT * FROM versions QUALIFY v = max(v)
                        OVER (PARTITION BY u, g ORDER BY t, v DESC ROWS UNBOUNDED PRECEDING)),
                seen AS (
                    SELECT r, u, t, %s AS g FROM labels WHERE u IS NOT NULL)
                SELECT s.r, CASE
                        WHEN s.g IS NULL THEN 'BEFORE'
                        WHEN h.removed THEN 'ABSENT'
                        WHEN h.v IS NOT NULL THEN 'SERVED'
                        WHEN %s THEN 'ABSENT'
                        ELSE 'DROPPED' END AS outcome,
                    coalesce(h.incomplete, false) AS incomplete, %s
                FROM seen AS s ASOF LEFT JOIN held AS h ON s.u = h.u AND s.g = h.g AND s.t >= h.t""".formatted(
                        epochs.generationAt("t"),
                        epochs.isWhole("s.g"),
                        columns.stream().map(column -> "h." + column.column()).collect(joining(", "))));
    }

    /** How many numbers that labels got no decimal holds. */
    static long beyond(Duck duck, FeatureColumn column) throws SQLException {
        return duck.number(
                "SELECT count(*) FROM served WHERE " + column.numbers().isBeyond(column.column()));
    }

    /** How many labels came out how. */
    static long count(Duck duck, Outcome outcome) throws SQLException {
        return duck.number("SELECT count(*) FROM served WHERE outcome = '" + outcome + "'");
    }

    /** Of those that were served, how many had their user flagged. */
    static long incomplete(Duck duck) throws SQLException {
        return duck.number("SELECT count(*) FROM served WHERE outcome = 'SERVED' AND incomplete");
    }
}
