package dev.freshet.ingest.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.config.TimeType;
import dev.freshet.runtime.filter.RowFilter;

/** Builds records as Debezium 3.7 delivers them; RecordShapeIT holds them against the real ones. */
final class Records {
    static final String UNAVAILABLE = "__unavailable";
    static final Mapping MAPPING = mapping(RowFilter.NONE);

    private static final Schema SOURCE = SchemaBuilder.struct()
            .field("schema", Schema.STRING_SCHEMA)
            .field("table", Schema.STRING_SCHEMA)
            .build();
    private static final Schema USER =
            SchemaBuilder.struct().optional().field("id", Schema.INT64_SCHEMA).build();
    private static final Schema ORDER = SchemaBuilder.struct()
            .optional()
            .field("id", Schema.INT64_SCHEMA)
            .field("user_id", Schema.OPTIONAL_INT64_SCHEMA)
            .field("total", Schema.OPTIONAL_STRING_SCHEMA)
            // As of a column with DEFAULT now().
            .field(
                    "created_at",
                    SchemaBuilder.string()
                            .optional()
                            .defaultValue("1970-01-01T00:00:00Z")
                            .build())
            .build();
    private static final Schema ORDER_WITH_STATUS = SchemaBuilder.struct()
            .optional()
            .field("id", Schema.INT64_SCHEMA)
            .field("user_id", Schema.OPTIONAL_INT64_SCHEMA)
            .field("total", Schema.OPTIONAL_STRING_SCHEMA)
            .field("created_at", Schema.OPTIONAL_STRING_SCHEMA)
            .field("status", Schema.OPTIONAL_STRING_SCHEMA)
            .build();
    private static final Schema BLOCK = SchemaBuilder.struct()
            .field("prefix", Schema.STRING_SCHEMA)
            .field("content", Schema.BYTES_SCHEMA)
            .build();

    private final Map<String, Object> offset = new HashMap<>();

    private Records() {}

    static Mapping mapping(RowFilter where) {
        return new Mapping(
                new Mapping.SourceTable("public", "users"),
                "id",
                IdType.BIGINT,
                new Mapping.SourceTable("public", "orders"),
                new Mapping.OrderColumns(
                        "id",
                        "user_id",
                        "created_at",
                        TimeType.TIMESTAMPTZ,
                        List.of(new Mapping.Amount("total", 0)),
                        where),
                "p");
    }

    /** A record at this place in transaction {@code xid}, whose commit time is ten times its number. */
    static Records at(long lsn, long xid) {
        Records records = new Records();
        records.offset.put("lsn", lsn);
        records.offset.put("txId", xid);
        records.offset.put("ts_usec", xid * 10);
        return records;
    }

    Records after(long commit) {
        offset.put("lsn_commit", commit);
        return this;
    }

    Records inSnapshot() {
        offset.put("snapshot", "INITIAL");
        return this;
    }

    SourceRecord heartbeat() {
        Schema value =
                SchemaBuilder.struct().field("ts_ms", Schema.INT64_SCHEMA).build();
        return record("__debezium-heartbeat.t", value, new Struct(value).put("ts_ms", 1L));
    }

    SourceRecord heartbeatAfterCommit() {
        offset.put("messageType", "COMMIT");
        offset.put("lsn_commit", offset.get("lsn"));
        return heartbeat();
    }

    SourceRecord message(String content) {
        Schema value = SchemaBuilder.struct()
                .field("op", Schema.STRING_SCHEMA)
                .field("message", BLOCK)
                .build();
        Struct block = new Struct(BLOCK)
                .put("prefix", EventReader.MESSAGE_PREFIX)
                .put("content", ByteBuffer.wrap(content.getBytes(UTF_8)));
        return record("t.message", value, new Struct(value).put("op", "m").put("message", block));
    }

    static Struct user(long id) {
        return new Struct(USER).put("id", id);
    }

    static Struct order(long id, Long user, String total, String createdAt) {
        return new Struct(ORDER)
                .put("id", id)
                .put("user_id", user)
                .put("total", total)
                .put("created_at", createdAt);
    }

    static Struct orderWith(String status, Struct order) {
        Struct row = new Struct(ORDER_WITH_STATUS).put("status", status);
        order.schema().fields().forEach(field -> row.put(field.name(), order.getWithoutDefault(field.name())));
        return row;
    }

    SourceRecord ordersWithStatus(String op, Struct before, Struct after) {
        return change(op, "orders", ORDER_WITH_STATUS, before, after);
    }

    SourceRecord users(String op, Struct before, Struct after) {
        return change(op, "users", USER, before, after);
    }

    SourceRecord orders(String op, Struct before, Struct after) {
        return change(op, "orders", ORDER, before, after);
    }

    /** An insert into a table of orders that has lost a column. */
    SourceRecord without(String column) {
        SchemaBuilder row = SchemaBuilder.struct().optional();
        ORDER.fields().stream()
                .filter(field -> !field.name().equals(column))
                .forEach(field -> row.field(field.name(), field.schema()));
        return change("c", "orders", row.build(), null, null);
    }

    /** An insert into a table of orders whose users have texts as ids. */
    SourceRecord retyped() {
        return change("c", "orders", ofTextUsers(), null, null);
    }

    /** A delete in such a table. */
    SourceRecord deleted(long id, String user) {
        Schema row = ofTextUsers();
        return change("d", "orders", row, new Struct(row).put("id", id).put("user_id", user), null);
    }

    private static Schema ofTextUsers() {
        SchemaBuilder row = SchemaBuilder.struct().optional();
        ORDER.fields()
                .forEach(field -> row.field(
                        field.name(), field.name().equals("user_id") ? Schema.OPTIONAL_STRING_SCHEMA : field.schema()));
        return row.build();
    }

    private SourceRecord change(String op, String table, Schema row, Struct before, Struct after) {
        Schema value = SchemaBuilder.struct()
                .field("before", row)
                .field("after", row)
                .field("source", SOURCE)
                .field("op", Schema.STRING_SCHEMA)
                .build();
        Struct source = new Struct(SOURCE).put("schema", "public").put("table", table);
        Struct envelope = new Struct(value)
                .put("before", before)
                .put("after", after)
                .put("source", source)
                .put("op", op);
        return record("t.public." + table, value, envelope);
    }

    private SourceRecord record(String topic, Schema schema, Struct value) {
        return new SourceRecord(Map.of("server", "t"), Map.copyOf(offset), topic, null, null, null, schema, value);
    }
}
