package dev.freshet.schemas.avro;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

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
            GenericRecord of = new GenericData.Record(row);
            of.put("table", new GenericData.EnumSymbol(table, rowKey.table()));
            of.put("user_id", Ids.toAvro(rowKey.user()));
            of.put("row_id", Ids.toAvro(rowKey.row()));
            record.put("of", of);
        } else {
            record.put("of", new GenericData.EnumSymbol(control, key));
        }
        return record;
    }

    @Override
    public ChangeKey fromAvro(GenericRecord record) {
        if (record.get("of") instanceof GenericRecord of) {
            return new ChangeKey.Row(
                    Table.valueOf(of.get("table").toString()),
                    Ids.fromAvro(of.get("user_id")),
                    Ids.fromAvro(of.get("row_id")));
        }
        return ChangeKey.Control.valueOf(record.get("of").toString());
    }
}
