package dev.freshet.schemas.avro;

import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.change.Table;
import dev.freshet.schemas.record.DeadLetter;

final class DeadLetterCodec implements AvroCodec<DeadLetter> {
    private final Schema schema = Schemas.load("dead-letter");

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public GenericRecord toAvro(DeadLetter letter) {
        ChangeKey.Row row = letter.row();
        GenericRecord record = new GenericData.Record(schema);
        record.put("generation", letter.generation());
        record.put("stage", letter.stage());
        record.put("place", letter.place());
        record.put("reason", letter.reason());
        record.put("table", row == null ? null : row.table().name());
        record.put("user_id", row == null ? null : Ids.toAvro(row.user()));
        record.put("row_id", row == null ? null : Ids.toAvro(row.row()));
        record.put("key", wrap(letter.key()));
        record.put("value", wrap(letter.value()));
        record.put("met_at", letter.metAt());
        return record;
    }

    @Override
    public DeadLetter fromAvro(GenericRecord record) {
        return new DeadLetter(
                (Integer) record.get("generation"),
                record.get("stage").toString(),
                record.get("place").toString(),
                record.get("reason").toString(),
                row(record),
                unwrap(record.get("key")),
                unwrap(record.get("value")),
                (Long) record.get("met_at"));
    }

    private static ChangeKey.@Nullable Row row(GenericRecord record) {
        Object table = record.get("table");
        return table == null
                ? null
                : new ChangeKey.Row(
                        Table.valueOf(table.toString()),
                        Ids.fromAvro(record.get("user_id")),
                        Ids.fromAvro(record.get("row_id")));
    }

    private static @Nullable ByteBuffer wrap(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static byte @Nullable [] unwrap(@Nullable Object bytes) {
        if (bytes == null) {
            return null;
        }
        ByteBuffer buffer = ((ByteBuffer) bytes).duplicate();
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        return copy;
    }
}
