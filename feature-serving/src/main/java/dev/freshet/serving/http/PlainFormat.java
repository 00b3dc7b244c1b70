package dev.freshet.serving.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.serving.http.LookupReply.User;
import dev.freshet.serving.lookup.FeatureList;
import dev.freshet.serving.lookup.FeatureRow;

/** Replies of {@code /v1}: an object for each user. Decimals are texts, so that no reader makes them inexact, and NaN can be told. */
final class PlainFormat {
    private final FeatureList features;

    PlainFormat(FeatureList features) {
        this.features = features;
    }

    /** @throws Refusal if there is no such user */
    byte[] one(LookupReply reply) throws Refusal {
        User user = reply.users().get(0);
        if (user.row() == null) {
            throw new Refusal(
                    Problem.NOT_FOUND,
                    "there is no such user, up to what complete_through says: if it is newer, ask again or name a min_lsn",
                    reply.freshness());
        }
        return Json.bytes(json -> {
            json.writeStartObject();
            writeUser(json, user, reply.request().features());
            FreshnessJson.write(json, reply.freshness());
            json.writeEndObject();
        });
    }

    byte[] many(LookupReply reply) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("users");
            for (User user : reply.users()) {
                json.writeStartObject();
                writeUser(json, user, reply.request().features());
                json.writeEndObject();
            }
            json.writeEndArray();
            FreshnessJson.write(json, reply.freshness());
            json.writeEndObject();
        });
    }

    private void writeUser(JsonGenerator json, User user, List<Integer> chosen) throws IOException {
        json.writeFieldName("user_id");
        writeId(json, user.id());
        json.writeStringField("status", user.status().name());
        FeatureRow row = user.row();
        if (row == null) {
            return;
        }
        json.writeObjectFieldStart("features");
        for (int index : chosen) {
            json.writeFieldName(features.name(index));
            writeValue(json, index, row.values().get(index));
        }
        json.writeEndObject();
        json.writeStringField("computed_at", row.computedAt().toString());
        writeTime(json, "exact_until", row.exactUntil());
        json.writeBooleanField("incomplete", row.incomplete());
        json.writeNumberField("version", row.version());
        json.writeNumberField("epoch", row.epoch());
    }

    static void writeId(JsonGenerator json, Id id) throws IOException {
        if (id instanceof Id.OfLong number) {
            json.writeNumber(number.value());
        } else {
            json.writeString(id.toString());
        }
    }

    private void writeValue(JsonGenerator json, int index, @Nullable String text) throws IOException {
        if (text == null) {
            json.writeNull();
        } else if (features.form(index) == FeatureList.Form.INTEGER) {
            json.writeNumber(text);
        } else {
            json.writeString(text);
        }
    }

    private static void writeTime(JsonGenerator json, String name, @Nullable Instant time) throws IOException {
        if (time == null) {
            json.writeNullField(name);
        } else {
            json.writeStringField(name, time.toString());
        }
    }
}
