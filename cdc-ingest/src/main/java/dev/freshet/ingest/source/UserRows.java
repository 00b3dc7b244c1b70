package dev.freshet.ingest.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

import dev.freshet.ingest.capture.Mapping;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.change.Table;

/** Selects the mapped rows of some users, as records such as the engine's snapshot delivers: so that one mapper reads both. */
public final class UserRows {
    private static final int FETCH = 1_000;
    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("schema", Schema.STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .build();

    private final Connection connection;
    private final Mapping mapping;
    private final String idType;

    /** @param connection with the time zone UTC, in a transaction of one snapshot */
    public UserRows(Connection connection, Mapping mapping) {
        this.connection = connection;
        this.mapping = mapping;
        idType = mapping.userIdType().sqlName();
    }

    private Id printed(String text) {
        return mapping.userIdType()
                .id(text)
                .orElseThrow(() -> new IllegalStateException("not the id of a user: " + text));
    }

    /** How many orders each of the users has; none is not told. */
    public Map<Id, Long> orderCounts(Collection<Id> users) throws SQLException {
        String user = Mapping.quote(mapping.order().user());
        Map<Id, Long> counts = new HashMap<>();
        try (PreparedStatement query = select(
                "SELECT o.%1$s::text, count(*) FROM %2$s AS o WHERE o.%1$s = ANY (?::%3$s[]) GROUP BY o.%1$s"
                        .formatted(user, mapping.orders().quoted(), idType),
                users)) {
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    counts.put(printed(rows.getString(1)), rows.getLong(2));
                }
            }
        }
        return counts;
    }

    /** By user, in the order given, the row of users if there is one, and behind it the orders. */
    public Map<Id, List<SourceRecord>> select(Collection<Id> users) throws SQLException {
        Map<Id, List<SourceRecord>> found = new LinkedHashMap<>();
        users.forEach(user -> found.put(user, new ArrayList<>()));
        read(Table.USERS, mapping.userId(), users, found);
        read(Table.ORDERS, mapping.order().user(), users, found);
        return found;
    }

    private void read(Table table, String userColumn, Collection<Id> users, Map<Id, List<SourceRecord>> found)
            throws SQLException {
        List<String> columns = mapping.columns(table);
        String sql = "SELECT r.%1$s::text, %2$s FROM %3$s AS r WHERE r.%1$s = ANY (?::%4$s[])"
                .formatted(
                        Mapping.quote(userColumn),
                        columns.stream()
                                .map(column -> "r." + Mapping.quote(column))
                                .collect(Collectors.joining(", ")),
                        mapping.table(table).quoted(),
                        idType);
        try (PreparedStatement query = select(sql, users)) {
            query.setFetchSize(FETCH);
            try (ResultSet rows = query.executeQuery()) {
                Shape shape = new Shape(mapping.table(table), columns, rows.getMetaData());
                while (rows.next()) {
                    Objects.requireNonNull(found.get(printed(rows.getString(1))))
                            .add(shape.read(rows));
                }
            }
        }
    }

    private PreparedStatement select(String sql, Collection<Id> users) throws SQLException {
        PreparedStatement query = connection.prepareStatement(sql);
        // A statement that the driver has prepared delivers values in binary, which it prints in the JVM's time zone.
        query.unwrap(PGStatement.class).setPrepareThreshold(0);
        query.setArray(
                1,
                connection.createArrayOf(
                        idType, users.stream().map(Id::toString).toArray()));
        return query;
    }

    /** The rows of one result. */
    private final class Shape {
        private final List<String> columns;
        private final int[] types;
        private final Schema row;
        private final Schema envelope;
        private final Struct source;

        Shape(Mapping.SourceTable table, List<String> columns, ResultSetMetaData metadata) throws SQLException {
            this.columns = columns;
            types = new int[columns.size()];
            SchemaBuilder builder = SchemaBuilder.struct().optional();
            for (int i = 0; i < types.length; i++) {
                types[i] = metadata.getColumnType(2 + i);
                builder.field(columns.get(i), schema(types[i]));
            }
            row = builder.build();
            envelope = SchemaBuilder.struct()
                    .field("before", row)
                    .field("after", row)
                    .field("source", SOURCE)
                    .field("op", Schema.STRING_SCHEMA)
                    .build();
            source = new Struct(SOURCE).put("schema", table.schema()).put("table", table.name());
        }

        private static Schema schema(int type) {
            return switch (type) {
                case Types.BIGINT, Types.INTEGER, Types.SMALLINT -> Schema.OPTIONAL_INT64_SCHEMA;
                case Types.BIT, Types.BOOLEAN -> Schema.OPTIONAL_BOOLEAN_SCHEMA;
                default -> Schema.OPTIONAL_STRING_SCHEMA;
            };
        }

        SourceRecord read(ResultSet rows) throws SQLException {
            Struct after = new Struct(row);
            for (int i = 0; i < types.length; i++) {
                after.put(columns.get(i), value(rows, 2 + i, types[i]));
            }
            Struct value = new Struct(envelope)
                    .put("after", after)
                    .put("source", source)
                    .put("op", "r");
            return new SourceRecord(Map.of(), Map.of(), "repair", null, null, null, envelope, value);
        }

        private @Nullable Object value(ResultSet rows, int column, int type) throws SQLException {
            Object value =
                    switch (type) {
                        case Types.BIGINT, Types.INTEGER, Types.SMALLINT -> (Object) rows.getLong(column);
                        case Types.BIT, Types.BOOLEAN -> (Object) rows.getBoolean(column);
                        case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> isoTime(rows.getString(column));
                        default -> rows.getString(column);
                    };
            return rows.wasNull() ? null : value;
        }
    }

    /** In UTC, with or without its zone, as Debezium has it; infinity and what was before Christ stay as they are. */
    static @Nullable String isoTime(@Nullable String printed) {
        if (printed == null || printed.endsWith("infinity") || printed.endsWith("BC")) {
            return printed;
        }
        String local = printed.endsWith("+00") ? printed.substring(0, printed.length() - 3) : printed;
        String sign = local.indexOf('-') > 4 ? "+" : ""; // ISO 8601 of years beyond 9999
        return sign + local.replace(' ', 'T') + "Z";
    }
}
