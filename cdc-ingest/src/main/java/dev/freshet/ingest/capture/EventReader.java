package dev.freshet.ingest.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.change.ChangeKey.Control;
import dev.freshet.schemas.change.Table;

/** Reads a captured record: a row change, a truncation, or a sign of life that carries time and boundaries only. */
public final class EventReader {
    /** Prefix of the messages that our own heartbeat writes into the source's WAL. */
    public static final String MESSAGE_PREFIX = "freshet";

    private final Mapping mapping;
    private final String unavailable;
    private final RowMapper rows;
    private final Map<Table, RowShape> shapes = new EnumMap<>(Table.class);
    private final TableDefinitions definitions;
    private final Supplier<TableDefinitions> definitionsNow;

    /**
     * @param unavailable Debezium's placeholder for a value that the WAL does not hold
     * @param identity replica identity of the table of orders
     * @param definitions of the tables that the log was begun from
     * @param definitionsNow asks the source what they are now
     */
    public EventReader(
            Mapping mapping,
            String unavailable,
            ReplicaIdentity identity,
            TableDefinitions definitions,
            Supplier<TableDefinitions> definitionsNow) {
        this.mapping = mapping;
        this.unavailable = unavailable;
        this.definitions = definitions;
        this.definitionsNow = definitionsNow;
        rows = new RowMapper(
                mapping, this.unavailable, identity, () -> definitionsNow.get().equals(definitions));
        for (Table table : Table.values()) {
            shapes.put(table, new RowShape(mapping.table(table), mapping.columns(table)));
        }
    }

    /** Whether the record is a change of the source, one that a restarted engine sends again. */
    boolean isChange(SourceRecord record) {
        Schema schema = record.valueSchema();
        // Only envelopes have an operation; that of a message has no rows.
        return schema != null && schema.field("op") != null && !isMessage(record);
    }

    /** Whether the record is a message that somebody wrote into the WAL. */
    boolean isMessage(SourceRecord record) {
        return record.valueSchema() != null && record.valueSchema().field("message") != null;
    }

    /**
     * The entries that replace what is known of a user.
     *
     * @param rows the user's, as a snapshot reads them
     * @param mark where they are the truth
     */
    public List<Entry> replacement(Id user, List<SourceRecord> rows, Entry.Mark mark) {
        Place place = new Place(mark.lsn(), -1, mark.time(), null, false, false);
        List<Entry> entries = new ArrayList<>();
        entries.add(
                new Entry.Reset(new ChangeKey.UserReset(user), new Change(mark.lsn(), mark.time(), Change.CONTROL)));
        rows.forEach(row -> entries.addAll(entries(row, place, mark.time())));
        return entries;
    }

    /**
     * The entries of a change, in their order.
     *
     * @param time of its source transaction
     * @throws IdentityLostException if it does not tell whose order it was
     * @throws TableChangedException if its table has lost a column that is mapped
     */
    List<Entry> entries(SourceRecord record, Place place, long time) {
        Table table = table(record);
        if (RowMapper.operation(record).equals("t")) {
            Control control = table == Table.USERS ? Control.USERS_TRUNCATED : Control.ORDERS_TRUNCATED;
            return List.of(new Entry.ControlEntry(control, new Change(place.lsn(), time, Change.CONTROL)));
        }
        java.util.Objects.requireNonNull(shapes.get(table)).check(record, place);
        return table == Table.USERS ? rows.user(record, place, time) : rows.order(record, place, time);
    }

    Table table(SourceRecord record) {
        Struct source = ((Struct) record.value()).getStruct("source");
        Mapping.SourceTable named = new Mapping.SourceTable(source.getString("schema"), source.getString("table"));
        if (named.equals(mapping.users())) {
            return Table.USERS;
        }
        if (named.equals(mapping.orders())) {
            return Table.ORDERS;
        }
        throw new IllegalStateException("a record of table " + named + ", which is not captured");
    }

    /**
     * What a record that is no change tells: nothing, or a mark of ours.
     *
     * @throws TableChangedException if this is our heartbeat, and it found the tables changed
     */
    List<Entry> signOfLife(SourceRecord record, Place place) {
        if (!isMessage(record)) {
            return List.of();
        }
        Struct message = ((Struct) record.value()).getStruct("message");
        Object content = message.get("content");
        String mark = content instanceof ByteBuffer bytes
                ? UTF_8.decode(bytes.duplicate()).toString()
                : new String((byte[]) content, UTF_8);
        if (!MESSAGE_PREFIX.equals(message.getString("prefix"))) {
            return List.of();
        }
        if (mark.startsWith(TableDefinitions.markPrefix(mapping)) && !mark.equals(definitions.mark(mapping))) {
            throw new TableChangedException("the tables were changed before lsn=" + Place.text(place.lsn()) + ": "
                    + definitions.difference(definitionsNow.get()));
        }
        return Entry.Mark.read(mark, place);
    }
}
