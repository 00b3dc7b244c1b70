package dev.freshet.serving.lookup;

import static java.util.stream.Collectors.joining;

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
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.IdType;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;

/**
 * Reads rows and how complete the table is in one statement, so that both are of one moment. Values come as the target prints
 * them: nothing is converted on the way to a reply.
 */
final class SelectFeatures {
    /** Behind generation, lsn, source_time, clock, user_id, computed_at, exact_until, incomplete, version and epoch. */
    private static final int FIRST_VALUE = 11;

    private final IdType idType;
    private final int values;
    private final String one;
    private final String many;

    SelectFeatures(FeatureList features, IdType idType) {
        this.idType = idType;
        values = features.names().size();
        one = select(features, "f.user_id = " + (idType == IdType.UUID ? "?::uuid" : "?"));
        many = select(features, "f.user_id = ANY (?" + (idType == IdType.UUID ? "::uuid[])" : ")"));
    }

    /**
     * The outer joins give a row also where nothing is live and where no user is found. Views are locked in the order in which they
     * are named, which has to be that in which a swap replaces them: else each would wait for the other.
     */
    private static String select(FeatureList features, String condition) {
        return """
                SELECT c.generation, c.lsn::text, c.source_time, clock_timestamp(),
                    f.user_id::text, f.computed_at, f.exact_until, f.incomplete, f.version, f.epoch, %s
                FROM (VALUES (1)) AS one LEFT JOIN %s AS f ON %s LEFT JOIN %s AS c ON true""".formatted(
                        features.names().stream()
                                .map(name -> "f.\"" + name + "\"::text")
                                .collect(joining(", ")),
                        Names.VIEW,
                        condition,
                        Names.COMPLETE_THROUGH);
    }

    /** @param users without duplicates */
    Answer read(Connection connection, Collection<Id> users, long askedAt) throws SQLException, LookupException {
        try (PreparedStatement select = connection.prepareStatement(users.size() == 1 ? one : many)) {
            if (users.size() == 1) {
                setOne(select, users.iterator().next());
            } else {
                setMany(connection, select, users);
            }
            try (ResultSet rows = select.executeQuery()) {
                return answer(rows, askedAt);
            }
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
        rows.next();
        int generation = rows.getInt(1);
        Instant sourceTime = instant(rows, 3);
        if (sourceTime == null) {
            throw new LookupException(
                    LookupException.Reason.NOT_LIVE, "no generation is live yet: ask again when the first is complete");
        }
        CompleteThrough through =
                new CompleteThrough(generation, Lsn.parse(rows.getString(2)).orElseThrow(), sourceTime);
        Instant targetTime = rows.getObject(4, OffsetDateTime.class).toInstant();
        Map<Id, FeatureRow> found = new HashMap<>();
        do {
            FeatureRow row = row(rows);
            if (row != null) {
                found.put(row.user(), row);
            }
        } while (rows.next());
        return new Answer(through, found, targetTime, askedAt);
    }

    private @Nullable FeatureRow row(ResultSet rows) throws SQLException {
        String text = rows.getString(5);
        Instant computedAt = instant(rows, 6);
        if (text == null || computedAt == null) {
            return null;
        }
        List<@Nullable String> texts = new ArrayList<>(values);
        for (int i = 0; i < values; i++) {
            texts.add(rows.getString(FIRST_VALUE + i));
        }
        return new FeatureRow(
                idType == IdType.BIGINT ? Id.of(Long.parseLong(text)) : Id.of(text),
                texts,
                computedAt,
                instant(rows, 7),
                rows.getBoolean(8),
                rows.getLong(9),
                rows.getInt(10));
    }

    private static @Nullable Instant instant(ResultSet rows, int column) throws SQLException {
        OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
