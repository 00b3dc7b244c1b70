package dev.freshet.serving.lookup;

import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.IdType;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;

/**
 * Reads rows, and in the same statement how complete the table is, so that both are of one moment; or the rows alone, if that was
 * read a moment ago. Values come as the target prints them.
 */
final class SelectFeatures {
    /** Behind user_id, computed_at, exact_until, incomplete, version and epoch. */
    private static final int FIRST_VALUE = 7;

    private final FeatureList features;
    private final IdType idType;
    private final String one;
    private final String many;
    private final String rowOfOne;
    private final String rowsOfMany;

    SelectFeatures(FeatureList features, IdType idType) {
        this.features = features;
        this.idType = idType;
        String columns = "f.user_id, f.computed_at, f.exact_until, f.incomplete, f.version, f.epoch, "
                + features.all().stream()
                        .map(index -> column(features.name(index), features.form(index)))
                        .collect(joining(", "));
        String isOne = "f.user_id = " + (idType == IdType.UUID ? "?::uuid" : "?");
        String isAny = "f.user_id = ANY (?" + (idType == IdType.UUID ? "::uuid[])" : ")");
        one = whole(columns, isOne);
        many = whole(columns, isAny);
        rowOfOne = rows(columns, isOne);
        rowsOfMany = rows(columns, isAny);
    }

    /** Numbers go over the wire as they are kept: to print them costs the target as much as to find them. */
    private static String column(String name, FeatureList.Form form) {
        return "f.\"" + name + "\"" + (form == FeatureList.Form.DATE ? "::text" : "");
    }

    /** Never of a standby: behind one name there may be several, and how complete one is says nothing of another. */
    private static String rows(String columns, String condition) {
        return "SELECT %s FROM %s AS f WHERE %s AND NOT pg_is_in_recovery()".formatted(columns, Names.VIEW, condition);
    }

    /**
     * The outer joins give a row also where nothing is live and where no user is found. Views are locked in the order in which they
     * are named, which has to be that in which a swap replaces them: else each would wait for the other.
     */
    private static String whole(String columns, String condition) {
        return """
                SELECT %s, c.generation, c.lsn::text, c.source_time, clock_timestamp()
                FROM (VALUES (1)) AS one LEFT JOIN %s AS f ON %s LEFT JOIN %s AS c ON true""".formatted(columns, Names.VIEW, condition, Names.COMPLETE_THROUGH);
    }

    /** @param users without duplicates */
    Answer read(Connection connection, Collection<Id> users, long askedAt) throws SQLException, LookupException {
        try (PreparedStatement select = connection.prepareStatement(users.size() == 1 ? one : many)) {
            setUsers(connection, select, users);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return answer(rows, askedAt);
            }
        }
    }

    /** The rows alone; none also where nothing is live, and of a standby. */
    Map<Id, FeatureRow> readRows(Connection connection, Collection<Id> users) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(users.size() == 1 ? rowOfOne : rowsOfMany)) {
            setUsers(connection, select, users);
            try (ResultSet rows = select.executeQuery()) {
                Map<Id, FeatureRow> found = new HashMap<>(2 * users.size());
                while (rows.next()) {
                    add(rows, found);
                }
                return found;
            }
        }
    }

    private void setUsers(Connection connection, PreparedStatement select, Collection<Id> users) throws SQLException {
        if (users.size() == 1) {
            setOne(select, users.iterator().next());
        } else {
            setMany(connection, select, users);
        }
    }

    private static void setOne(PreparedStatement select, Id user) throws SQLException {
        if (user instanceof Id.OfLong number) {
            select.setLong(1, number.value());
        } else {
            select.setString(1, user.toString());
        }
    }

    private void setMany(Connection connection, PreparedStatement select, Collection<Id> users) throws SQLException {
        Array array = idType == IdType.BIGINT
                ? connection.createArrayOf(
                        "bigint",
                        users.stream().map(user -> ((Id.OfLong) user).value()).toArray(Long[]::new))
                : connection.createArrayOf(
                        "text", users.stream().map(Id::toString).toArray(String[]::new));
        select.setArray(1, array);
    }

    private Answer answer(ResultSet rows, long askedAt) throws SQLException, LookupException {
        int table = FIRST_VALUE + features.names().size();
        int generation = rows.getInt(table);
        Instant sourceTime = instant(rows, table + 2);
        if (sourceTime == null) {
            throw new LookupException(
                    LookupException.Reason.NOT_LIVE, "no generation is live yet: ask again when the first is complete");
        }
        CompleteThrough through = new CompleteThrough(
                generation, Lsn.parse(rows.getString(table + 1)).orElseThrow(), sourceTime);
        Instant targetTime = rows.getObject(table + 3, OffsetDateTime.class).toInstant();
        Map<Id, FeatureRow> found = new HashMap<>();
        do {
            add(rows, found);
        } while (rows.next());
        return new Answer(through, found, targetTime, askedAt);
    }

    private void add(ResultSet rows, Map<Id, FeatureRow> found) throws SQLException {
        Instant computedAt = instant(rows, 2);
        if (computedAt == null) {
            return;
        }
        List<@Nullable String> texts = new ArrayList<>(features.names().size());
        for (int index : features.all()) {
            texts.add(text(rows, index));
        }
        Id user = idType == IdType.BIGINT ? Id.of(rows.getLong(1)) : Id.of(rows.getString(1));
        found.put(
                user,
                new FeatureRow(
                        user,
                        texts,
                        computedAt,
                        instant(rows, 3),
                        rows.getBoolean(4),
                        rows.getLong(5),
                        rows.getInt(6)));
    }

    private @Nullable String text(ResultSet rows, int index) throws SQLException {
        int column = FIRST_VALUE + index;
        if (features.form(index) != FeatureList.Form.DECIMAL) {
            return rows.getString(column);
        }
        // What is no number comes as a double, whose texts for these are PostgreSQL's.
        Object value = rows.getObject(column);
        return value instanceof BigDecimal decimal ? decimal.toPlainString() : Objects.toString(value, null);
    }

    private static @Nullable Instant instant(ResultSet rows, int column) throws SQLException {
        OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
