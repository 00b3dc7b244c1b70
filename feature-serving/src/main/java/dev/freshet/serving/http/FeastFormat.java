package dev.freshet.serving.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Names;
import dev.freshet.serving.http.LookupReply.Status;
import dev.freshet.serving.http.LookupReply.User;
import dev.freshet.serving.lookup.FeatureList;
import dev.freshet.serving.lookup.FeatureRow;

/**
 * Replies as Feast's feature server gives them: a column for each feature, the entity's first. Numbers are numbers; what JSON has no
 * number for is a text, as in protobuf's JSON: {@code "NaN"}. How fresh they are stands in {@code metadata.freshet}.
 */
final class FeastFormat implements ReplyFormat {
    private static final String PRESENT = "PRESENT";

    private final FeatureList features;
    private final boolean fullNames;

    FeastFormat(FeatureList features, boolean fullNames) {
        this.features = features;
        this.fullNames = fullNames;
    }

    @Override
    public byte[] json(LookupReply reply) {
        return Json.bytes(reply.users().size(), json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("metadata");
            writeNames(json, reply.request().features());
            writeFreshness(json, reply);
            json.writeEndObject();
            json.writeArrayFieldStart("results");
            writeEntities(json, reply.users());
            for (int index : reply.request().features()) {
                writeColumn(json, index, reply.users());
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void writeNames(JsonGenerator json, List<Integer> chosen) throws IOException {
        json.writeArrayFieldStart("feature_names");
        json.writeString(FeastBody.ENTITY);
        for (int index : chosen) {
            json.writeString(fullNames ? Names.VIEW + "__" + features.name(index) : features.name(index));
        }
        json.writeEndArray();
    }

    private static void writeFreshness(JsonGenerator json, LookupReply reply) throws IOException {
        json.writeObjectFieldStart("freshet");
        FreshnessJson.write(json, reply.freshness());
        json.writeArrayFieldStart("incomplete");
        for (User user : reply.users()) {
            FeatureRow row = user.row();
            json.writeBoolean(row != null && row.incomplete());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("exact_until");
        for (User user : reply.users()) {
            FeatureRow row = user.row();
            InstantJson.write(json, row == null ? null : row.exactUntil());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void writeEntities(JsonGenerator json, List<User> users) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("values");
        for (User user : users) {
            PlainFormat.writeId(json, user.id());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("statuses");
        for (int i = 0; i < users.size(); i++) {
            json.writeString(PRESENT);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("event_timestamps");
        for (int i = 0; i < users.size(); i++) {
            InstantJson.write(json, Instant.EPOCH);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeColumn(JsonGenerator json, int index, List<User> users) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("values");
        for (User user : users) {
            writeValue(json, index, shown(user, index));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("statuses");
        for (User user : users) {
            boolean isNull = user.status() == Status.PRESENT && shown(user, index) == null;
            json.writeString(isNull ? "NULL_VALUE" : user.status().name());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("event_timestamps");
        for (User user : users) {
            FeatureRow row = user.row();
            InstantJson.write(json, row == null ? Instant.EPOCH : row.computedAt());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** Null for what is not there, and for what is not to be told. */
    private static @Nullable String shown(User user, int index) {
        FeatureRow row = user.row();
        return row == null || user.status() != Status.PRESENT
                ? null
                : row.values().get(index);
    }

    private void writeValue(JsonGenerator json, int index, @Nullable String text) throws IOException {
        if (text == null) {
            json.writeNull();
        } else if (features.form(index) != FeatureList.Form.DATE && Character.isDigit(text.charAt(text.length() - 1))) {
            json.writeNumber(text);
        } else {
            json.writeString(text);
        }
    }
}
