package dev.freshet.serving.export;

import static java.util.stream.Collectors.joining;

import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;

/**
 * Which generation readers saw since when, how complete the one is that they see now, and how far back it is known what was held.
 *
 * @param all newest first; at least one
 * @param through null if nothing tells
 * @param historyFrom the beginning of the oldest day that the history has, in microseconds
 * @param now the target's clock, in microseconds
 */
record Epochs(List<Epoch> all, @Nullable Through through, long historyFrom, long now) {
    /**
     * @param liveFrom microseconds
     * @param begun when the generation was, in microseconds: its table was empty then
     * @param hasTable false once the generation was dropped
     */
    record Epoch(int number, int generation, long liveFrom, long begun, boolean hasTable) {}

    /**
     * The table of the live generation has every transaction that the source had committed before this.
     *
     * @param systemIdentifier of the source that the position is of
     * @param sourceTime by its clock, in microseconds
     */
    record Through(String systemIdentifier, String lsn, long sourceTime) {}

    /** What must not change between the snapshot and the list of days that there are. */
    static final String LOCK = "LOCK TABLE " + Names.HISTORY + " IN ACCESS SHARE MODE";

    private static final String ALL = """
            SELECT e.epoch, e.generation, (extract(epoch FROM e.live_from) * 1000000)::bigint,
                (extract(epoch FROM g.created_at) * 1000000)::bigint, coalesce(g.state <> 'dropped', false)
            FROM %s AS e LEFT JOIN %s AS g USING (generation) ORDER BY e.epoch DESC""".formatted(Names.EPOCHS, Names.GENERATIONS);

    /** Not of the readers' view: that would be locked until the end of a long export, and no swap get by. */
    private static final String THROUGH = """
            SELECT g.source_system_identifier, min(w.lsn)::text, (extract(epoch FROM min(w.source_time)) * 1000000)::bigint
            FROM %s AS g JOIN %s AS w USING (generation) WHERE generation = %%d GROUP BY 1""".formatted(Names.GENERATIONS, Names.WATERMARKS);

    private static final String DAYS = """
            SELECT coalesce(min((extract(epoch FROM to_date(right(c.relname, 8), 'YYYYMMDD')) * 1000000)::bigint), %d),
                (extract(epoch FROM now()) * 1000000)::bigint
            FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
            WHERE i.inhparent = to_regclass('%s') AND c.relname ~ '_d[0-9]{8}$'""".formatted(Long.MAX_VALUE, Names.HISTORY);

    /** @throws Stop.Operator if readers never saw anything */
    static Epochs read(Snapshot target) throws SQLException {
        List<Epoch> all = target.list(
                ALL, row -> new Epoch(row.getInt(1), row.getInt(2), row.getLong(3), row.getLong(4), row.getBoolean(5)));
        if (all.isEmpty()) {
            throw new Stop.Operator(
                    "no generation was ever live: readers saw nothing that could be exported",
                    "Wait for the first one (freshet status), or use --mode event-time");
        }
        @Nullable
        Through through = target
                .list(
                        THROUGH.formatted(all.get(0).generation()),
                        row -> new Through(row.getString(1), row.getString(2), row.getLong(3)))
                .stream()
                .findFirst()
                .orElse(null);
        return target.list(DAYS, row -> new Epochs(all, through, row.getLong(1), row.getLong(2)))
                .get(0);
    }

    Epoch live() {
        return all.get(0);
    }

    /** The generations that readers ever saw. */
    List<Integer> generations() {
        return all.stream().map(Epoch::generation).distinct().sorted().toList();
    }

    /** Those of them whose first rows may be older than the history, and that still have their table. */
    List<Integer> olderThanHistory() {
        if (historyFrom == Long.MAX_VALUE) {
            return List.of();
        }
        return all.stream()
                .filter(epoch -> epoch.hasTable() && !isWhole(epoch))
                .map(Epoch::generation)
                .distinct()
                .sorted()
                .toList();
    }

    private boolean isWhole(Epoch epoch) {
        return epoch.begun() >= historyFrom;
    }

    /** In DuckDB: the generation that was live at an instant; NULL before the first. */
    String generationAt(String instant) {
        return all.stream()
                .sorted(Comparator.comparingInt(Epoch::number).reversed())
                .map(epoch -> "WHEN " + instant + " >= " + epoch.liveFrom() + " THEN " + epoch.generation())
                .collect(joining(" ", "CASE ", " END"));
    }

    /** In DuckDB: whether the history of a generation is known from its beginning. */
    String isWhole(String generation) {
        String whole = all.stream()
                .filter(this::isWhole)
                .map(epoch -> String.valueOf(epoch.generation()))
                .distinct()
                .collect(joining(", "));
        return whole.isEmpty() ? "false" : "coalesce(" + generation + " IN (" + whole + "), false)";
    }
}
