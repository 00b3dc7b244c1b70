package dev.freshet.ingest.capture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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

/**
 * Writes dead letters: the record's key and value as JSON, with no column that is not mapped. One that a producer would not take
 * would stop ingest for ever: of values that are too long together, each is cut, and the reason says so.
 */
final class Letters {
    /** Half of what a producer and a broker take unless they are told otherwise. */
    static final int MOST_BYTES = 512 << 10;

    private static final int LONGEST_REASON = 1_000;

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
        byte[] key = json(record, record.keySchema(), record.key());
        byte[] value = withoutLeftOut(json(record, record.valueSchema(), record.value()));
        String why = cut(reason, LONGEST_REASON);
        if (length(key) + length(value) <= MOST_BYTES) {
            return new Entry.Letter(where, why, row, key, value);
        }
        int longest = MOST_BYTES / 2;
        while (length(cut(key, longest)) + length(cut(value, longest)) > MOST_BYTES) {
            longest /= 2;
        }
        why += "; of longer values only " + longest + " characters are kept";
        return new Entry.Letter(where, why, row, cut(key, longest), cut(value, longest));
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static byte @Nullable [] cut(byte @Nullable [] json, int longest) {
        if (json == null) {
            return null;
        }
        try {
            return TREES.writeValueAsBytes(cut(TREES.readTree(json), longest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode cut(JsonNode node, int longest) {
        if (node instanceof ObjectNode fields) {
            fields.properties().forEach(field -> field.setValue(cut(field.getValue(), longest)));
        }
        return node.isTextual() ? TextNode.valueOf(cut(node.textValue(), longest)) : node;
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + " ... of " + text.length();
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
