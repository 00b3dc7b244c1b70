package dev.freshet.serving.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.serving.http.LookupReply.User;
import dev.freshet.serving.lookup.FeatureList;
import dev.freshet.serving.lookup.FeatureRow;

/** Replies of {@code /v1}: an object for each user. Decimals are texts, so that no reader makes them inexact, and NaN can be told. */
final class PlainFormat {
    private static final SerializableString USER_ID = new SerializedString("user_id");
    private static final SerializableString STATUS = new SerializedString("status");
    private static final SerializableString FEATURES = new SerializedString("features");
    private static final SerializableString COMPUTED_AT = new SerializedString("computed_at");
    private static final SerializableString EXACT_UNTIL = new SerializedString("exact_until");
    private static final SerializableString INCOMPLETE = new SerializedString("incomplete");
    private static final SerializableString VERSION = new SerializedString("version");
    private static final SerializableString EPOCH = new SerializedString("epoch");

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
        return Json.bytes(reply.users().size(), json -> {
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
        json.writeFieldName(USER_ID);
        writeId(json, user.id());
        json.writeFieldName(STATUS);
        json.writeString(user.status().name());
        FeatureRow row = user.row();
        if (row == null) {
            return;
        }
        json.writeFieldName(FEATURES);
        json.writeStartObject();
        for (int index : chosen) {
            json.writeFieldName(features.name(index));
            writeValue(json, index, row.values().get(index));
        }
        json.writeEndObject();
        json.writeFieldName(COMPUTED_AT);
        InstantJson.write(json, row.computedAt());
        json.writeFieldName(EXACT_UNTIL);
        InstantJson.write(json, row.exactUntil());
        json.writeFieldName(INCOMPLETE);
        json.writeBoolean(row.incomplete());
        json.writeFieldName(VERSION);
        json.writeNumber(row.version());
        json.writeFieldName(EPOCH);
        json.writeNumber(row.epoch());
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
}
