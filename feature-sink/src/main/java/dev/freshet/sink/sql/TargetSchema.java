package dev.freshet.sink.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.Generations;
import dev.freshet.runtime.generation.ReaderViews;
import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.sink.sql.FeatureColumns.Column;

/** Makes what is missing in the target. Safe to run by many at once, and cheap when nothing is missing. */
public final class TargetSchema {
    private static final Logger log = LoggerFactory.getLogger(TargetSchema.class);

    private final FeatureColumns columns;
    private final ReaderViews views;

    public TargetSchema(FeatureColumns columns, ReaderViews views) {
        this.columns = columns;
        this.views = views;
    }

    /**
     * The tables that all generations share, with a column in the history for every feature.
     *
     * @throws Stop.Operator if they hold users of another type
     */
    public void ensureShared(Connection connection) throws SQLException {
        refuseOtherUsers(connection);
        if (exist(connection, ProgressTables.names())
                && exist(connection, List.of(Names.HISTORY, Names.HELD))
                && missingFeatures(connection).isEmpty()) {
            return;
        }
        Transaction.ofDdl(connection, statement -> {
            boolean isForgotten =
                    exists(connection, Names.SINK_OFFSETS) && !exist(connection, ProgressTables.BEFORE_POSITIONS);
            for (String table : ProgressTables.create().values()) {
                statement.execute(table);
            }
            if (isForgotten && statement.executeUpdate("DELETE FROM " + Names.SINK_OFFSETS) > 0) {
                log.error(
                        "positions are given up, for what waited before them is gone tables={}",
                        ProgressTables.BEFORE_POSITIONS);
            }
            statement.execute(HistoryTable.create(columns));
            for (Column feature : missingFeatures(connection)) {
                statement.execute(
                        "ALTER TABLE " + Names.HISTORY + " ADD COLUMN " + feature.name() + " " + feature.type());
            }
            List<String> features = historyColumns(connection).stream()
                    .filter(name -> !Catalogue.RESERVED.contains(name))
                    .map(name -> '"' + name + '"')
                    .toList();
            return statement.execute(HistoryTable.createHeldView(features));
        });
    }

    private void refuseOtherUsers(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(HistoryTable.readUserType())) {
            if (row.next() && !row.getString(1).equals(columns.user().sqlType())) {
                throw new Stop.Operator(
                        Names.HISTORY + " keeps users of type " + row.getString(1) + ", and source.users.id.type is "
                                + columns.user().sqlType(),
                        "Name another target.schema, or, to lose what they hold: DROP TABLE " + Names.HISTORY
                                + " CASCADE; DROP VIEW " + Names.VIEW + ";");
            }
        }
    }

    private List<Column> missingFeatures(Connection connection) throws SQLException {
        List<String> there = historyColumns(connection);
        return columns.features().stream()
                .filter(feature -> !there.contains(feature.name().replace("\"", "")))
                .toList();
    }

    private static List<String> historyColumns(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(HistoryTable.readColumns())) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }

    /**
     * The table of a generation, with the foreign keys of the one that is read now; and the readers' views, if one of them is not there:
     * over what is live, or, before the first activation, such as show nothing yet.
     *
     * @throws SQLException also when a lock could not be had in time: try again
     * @throws Stop.Operator if the table was written and is gone: a new one would never have the rows that it had
     */
    public void ensureGeneration(Connection connection, GenerationTarget target) throws SQLException {
        if (exists(connection, target.table()) && hasViews(connection)) {
            return;
        }
        Transaction.ofDdl(connection, statement -> {
            // A foreign key shuts out the writers of the table it refers to, from when it begins to wait for its lock.
            statement.execute("SET LOCAL lock_timeout = '100ms'");
            List<String> missingViews = hasViews(connection) ? List.of() : views(connection, target);
            if (!exists(connection, target.table())) {
                requireUnwritten(connection, target);
                statement.execute(FeaturesTable.create(target.table(), columns));
                for (String foreignKey : foreignKeys(statement)) {
                    statement.execute("ALTER TABLE " + target.table() + " ADD CONSTRAINT " + foreignKey);
                }
            }
            for (String view : missingViews) {
                statement.execute(view);
            }
            return true;
        });
    }

    /**
     * That a generation without positions may be begun from the first entry, before it is.
     *
     * @throws Stop.Operator if it was written: read once more from there, it would have users again for a while who are gone
     */
    public void requirePositions(Connection connection, GenerationTarget target) throws SQLException {
        String lacksPositions = "SELECT NOT " + hasRows(Names.SINK_OFFSETS, target) + " AND ("
                + hasRows(Names.WATERMARKS, target) + " OR EXISTS (SELECT FROM " + target.table() + "))";
        if (isTrue(connection, lacksPositions)) {
            throw new Stop.Operator(
                    "the positions of generation " + target.generation() + " are gone, up to which " + target.table()
                            + " was written",
                    cure(connection, target.generation()));
        }
    }

    private static void requireUnwritten(Connection connection, GenerationTarget target) throws SQLException {
        String isWritten = "SELECT " + hasRows(Names.SINK_OFFSETS, target) + " OR " + hasRows(Names.WATERMARKS, target);
        if (isTrue(connection, isWritten)) {
            throw new Stop.Operator(
                    "table " + target.table() + " is gone, which generation " + target.generation() + " was written to",
                    cure(connection, target.generation()));
        }
    }

    private static String hasRows(String table, GenerationTarget target) {
        return "EXISTS (SELECT FROM " + table + " WHERE generation = " + target.generation() + ")";
    }

    /** One that nobody reads is no reason to build what readers see anew. */
    private static String cure(Connection connection, int generation) throws SQLException {
        return new Generations(connection)
                .find(generation)
                .filter(one -> one.isReplayBuilding() || one.state() == GenerationState.STANDBY)
                .map(one -> "Remove what is left of it: freshet replay drop " + generation + " --yes")
                .orElse(Generations.REBUILD);
    }

    private static boolean hasViews(Connection connection) throws SQLException {
        return exists(connection, Names.VIEW) && exists(connection, Names.COMPLETE_THROUGH);
    }

    /** A live generation whose table is gone is one that readers had better see nothing of: what is made in its place is empty. */
    private List<String> views(Connection connection, GenerationTarget target) throws SQLException {
        Optional<Generation> live = new Generations(connection).live();
        return live.isPresent() && exists(connection, views.table(live.get()))
                ? views.over(live.get())
                : views.beforeActivation(target.generation());
    }

    private static List<String> foreignKeys(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery(FeaturesTable.foreignKeys())) {
            List<String> keys = new ArrayList<>();
            while (rows.next()) {
                keys.add(rows.getString(1) + " " + rows.getString(2));
            }
            return keys;
        }
    }

    private static boolean exist(Connection connection, Collection<String> names) throws SQLException {
        for (String name : names) {
            if (!exists(connection, name)) {
                return false;
            }
        }
        return true;
    }

    private static boolean exists(Connection connection, String name) throws SQLException {
        return isTrue(connection, "SELECT to_regclass('" + name + "') IS NOT NULL");
    }

    private static boolean isTrue(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
