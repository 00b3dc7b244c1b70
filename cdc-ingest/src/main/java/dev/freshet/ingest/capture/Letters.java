package dev.freshet.ingest.capture;

import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.change.ChangeKey;

/** Writes dead letters: the record's key and value as JSON, with no column that is not mapped. */
final class Letters {
    private static final JsonConverter JSON = new JsonConverter();

    static {
        JSON.configure(Map.of("schemas.enable", false, "converter.type", "value", "replace.null.with.default", false));
    }

    private Letters() {}

    static Entry.Letter of(SourceRecord record, Place place, String reason, ChangeKey.@Nullable Row row) {
        Struct source = ((Struct) record.value()).getStruct("source");
        String where = "table=" + source.getString("schema") + "." + source.getString("table") + " lsn="
                + Place.text(place.lsn()) + " xid=" + place.xid();
        return new Entry.Letter(
                where,
                reason,
                row,
                json(record, record.keySchema(), record.key()),
                json(record, record.valueSchema(), record.value()));
    }

    private static byte @Nullable [] json(SourceRecord record, @Nullable Schema schema, @Nullable Object data) {
        return data == null ? null : JSON.fromConnectData(record.topic(), schema, data);
    }
}
