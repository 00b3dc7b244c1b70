package dev.freshet.ops.erase;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.freshet.ops.erase.Proof.Place;
import dev.freshet.runtime.jdbc.Transaction;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;

/** The user's rows in the target, in every table of Freshet's that names users. */
final class TargetRows {
    private static final Pattern OF_GENERATION = Pattern.compile(Names.VIEW + "_g(\\d{1,9})");

    private final Connection target;
    private final ErasedUser user;

    TargetRows(Connection target, ErasedUser user) {
        this.target = target;
        this.user = user;
    }

    private interface Binding {
        void bind(PreparedStatement statement) throws SQLException;
    }

    /**
     * @param condition that the user's rows meet
     * @param binding of its one parameter
     */
    private record Table(String name, String condition, Binding binding) {}

    private List<Table> tables() throws SQLException {
        String ofType = "user_id = ?::" + user.type().sqlName();
        Binding byText = statement -> statement.setString(1, user.text());
        List<Table> tables = new ArrayList<>();
        for (String name : existing()) {
            if (OF_GENERATION.matcher(name).matches() || name.equals(Names.HISTORY)) {
                tables.add(new Table(name, ofType, byText));
            } else if (name.equals(Names.WAITING_ROWS)) {
                tables.add(new Table(name, "key = ?", statement -> statement.setBytes(1, user.featureKey())));
            } else if (name.equals(Names.LOST)) {
                String text = user.id() instanceof Id.OfText ? "=" + user.text() : user.text();
                tables.add(new Table(name, "user_id = ?", statement -> statement.setString(1, text)));
            } else if (name.equals(Names.REPAIRS)) {
                tables.add(new Table(name, "user_id = ?", byText));
            }
        }
        return tables;
    }

    private List<String> existing() throws SQLException {
        try (Statement statement = target.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace
                        AND relkind IN ('r', 'p') ORDER BY relname""")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        }
    }

    /** Counts the rows of each table and the user's among them, which reads all of them. */
    List<Place> read() throws SQLException {
        List<Place> places = new ArrayList<>();
        for (Table table : tables()) {
            try (PreparedStatement count = target.prepareStatement(
                    "SELECT count(*), count(*) FILTER (WHERE " + table.condition() + ") FROM " + table.name())) {
                table.binding().bind(count);
                try (ResultSet row = count.executeQuery()) {
                    row.next();
                    places.add(new Place("table " + table.name(), row.getLong(1), row.getLong(2)));
                }
            }
        }
        return places;
    }

    /**
     * Deletes what is of the user, in one transaction. Of a generation that is fed only what was written before the user's end: the
     * user may be back in the source by now, and what follows from that is not ours to delete. What the sink could not write of it yet
     * the removal has taken away.
     *
     * @param ends by the generations that are fed, the offset of the user's end in the log: versions are such offsets
     * @param lastRequest the newest request that is not to be answered any more
     * @return how many rows
     */
    long delete(Map<Integer, Long> ends, long lastRequest) throws SQLException {
        return Transaction.run(target, statement -> {
            long deleted = 0;
            for (Table table : tables()) {
                Matcher generation = OF_GENERATION.matcher(table.name());
                String condition = table.condition();
                if (generation.matches()) {
                    condition += before(ends.getOrDefault(Integer.parseInt(generation.group(1)), Long.MAX_VALUE));
                } else if (table.name().equals(Names.HISTORY)) {
                    condition += ofHistory(ends);
                } else if (table.name().equals(Names.REPAIRS)) {
                    condition += " AND id <= " + lastRequest;
                } else {
                    condition += ofOthers(ends.keySet());
                }
                try (PreparedStatement delete =
                        target.prepareStatement("DELETE FROM " + table.name() + " WHERE " + condition)) {
                    table.binding().bind(delete);
                    deleted += delete.executeUpdate();
                }
            }
            return deleted;
        });
    }

    private static String before(long end) {
        return " AND version < " + end;
    }

    private static String ofOthers(Collection<Integer> fed) {
        return fed.stream().map(number -> " AND generation <> " + number).collect(Collectors.joining());
    }

    /** The removal that the user's end brought about is a version behind it. */
    private static String ofHistory(Map<Integer, Long> ends) {
        StringBuilder condition = new StringBuilder();
        ends.forEach((generation, end) -> condition
                .append(" AND (generation <> ")
                .append(generation)
                .append(" OR removed OR version < ")
                .append(end)
                .append(")"));
        return condition.toString();
    }
}
