package dev.freshet.ingest.capture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
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
    private static final ObjectMapper TREES = new ObjectMapper();

    static {
        JSON.configure(Map.of("schemas.enable", false, "converter.type", "value", "replace.null.with.default", false));
    }

    private final List<String> leftOut;

    /** @param leftOut columns of the record that are left out */
    Letters(List<String> leftOut) {
        this.leftOut = leftOut;
    }

    Entry.Letter of(SourceRecord record, Place place, String reason, ChangeKey.@Nullable Row row) {
        Struct source = ((Struct) record.value()).getStruct("source");
        String where = "table=" + source.getString("schema") + "." + source.getString("table") + " lsn="
                + Place.text(place.lsn()) + " xid=" + place.xid();
        return new Entry.Letter(
                where,
                reason,
                row,
                json(record, record.keySchema(), record.key()),
                withoutLeftOut(json(record, record.valueSchema(), record.value())));
    }

    private byte @Nullable [] withoutLeftOut(byte @Nullable [] json) {
        if (leftOut.isEmpty() || json == null) {
            return json;
        }
        try {
            JsonNode tree = TREES.readTree(json);
            for (String image : new String[] {"before", "after"}) {
                if (tree.get(image) instanceof ObjectNode row) {
                    row.remove(leftOut);
                }
            }
            return TREES.writeValueAsBytes(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte @Nullable [] json(SourceRecord record, @Nullable Schema schema, @Nullable Object data) {
        return data == null ? null : JSON.fromConnectData(record.topic(), schema, data);
    }
}
