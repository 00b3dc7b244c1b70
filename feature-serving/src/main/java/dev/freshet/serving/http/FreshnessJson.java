package dev.freshet.serving.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;

import dev.freshet.serving.lookup.Lsn;

/** The members by which a reply tells how fresh it is, the same in all formats. */
final class FreshnessJson {
    private FreshnessJson() {}

    /** Into the object that is open. */
    static void write(JsonGenerator json, Freshness freshness) throws IOException {
        json.writeObjectFieldStart("complete_through");
        json.writeNumberField("generation", freshness.through().generation());
        json.writeStringField("lsn", Lsn.text(freshness.through().lsn()));
        json.writeFieldName("source_time");
        InstantJson.write(json, freshness.through().sourceTime());
        json.writeEndObject();
        Long millis = freshness.age().millis();
        if (millis == null) {
            json.writeNullField("age_ms");
        } else {
            json.writeNumberField("age_ms", millis);
        }
        json.writeStringField("age_clock", freshness.age().clock().name().toLowerCase(Locale.ROOT));
        json.writeNumberField("max_age_ms", freshness.maxAge().toMillis());
    }
}
