package dev.freshet.schemas.avro;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.change.Table;

final class ChangeKeyCodec implements AvroCodec<ChangeKey> {
    private final Schema schema = Schemas.load("change-key");
    private final Schema row = schema.getField("of").schema().getTypes().get(0);
    private final Schema control = schema.getField("of").schema().getTypes().get(1);
    private final Schema table = row.getField("table").schema();

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public GenericRecord toAvro(ChangeKey key) {
        GenericRecord record = new GenericData.Record(schema);
        if (key instanceof ChangeKey.Row rowKey) {
            record.put("of", of(rowKey.table(), rowKey.user(), rowKey.row()));
        } else if (key instanceof ChangeKey.UserReset reset) {
            record.put("of", of(Table.USERS, reset.user(), noRowOf(reset.user())));
        } else {
            record.put("of", new GenericData.EnumSymbol(control, key));
        }
        return record;
    }

    private GenericRecord of(Table rowTable, Id user, Id id) {
        GenericRecord of = new GenericData.Record(row);
        of.put("table", new GenericData.EnumSymbol(table, rowTable));
        of.put("user_id", Ids.toAvro(user));
        of.put("row_id", Ids.toAvro(id));
        return of;
    }

    /**
     * An id of the other type, which no row of users has: so a reset needs no schema of its own, and a reader that does not know of
     * resets takes it for the end of the user, which the rows behind it bring back.
     */
    private static Id noRowOf(Id user) {
        return user instanceof Id.OfLong ? Id.of("") : Id.of(0);
    }

    @Override
    public ChangeKey fromAvro(GenericRecord record) {
        if (record.get("of") instanceof GenericRecord of) {
            Table rowTable = Table.valueOf(of.get("table").toString());
            Id user = Ids.fromAvro(of.get("user_id"));
            Id id = Ids.fromAvro(of.get("row_id"));
            return rowTable == Table.USERS && !user.equals(id)
                    ? new ChangeKey.UserReset(user)
                    : new ChangeKey.Row(rowTable, user, id);
        }
        return ChangeKey.Control.valueOf(record.get("of").toString());
    }
}
