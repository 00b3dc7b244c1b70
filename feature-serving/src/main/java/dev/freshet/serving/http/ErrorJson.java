package dev.freshet.serving.http;

import org.jspecify.annotations.Nullable;

/** The body of every reply that is not 200. */
final class ErrorJson {
    private ErrorJson() {}

    /** @param freshness of the table, where it was read */
    static byte[] bytes(Problem problem, String message, String requestId, @Nullable Freshness freshness) {
        return Json.bytes(json -> {
            json.writeStartObject();
            json.writeStringField("code", problem.name());
            json.writeStringField("message", message);
            json.writeStringField("request_id", requestId);
            if (freshness != null) {
                FreshnessJson.write(json, freshness);
            }
            json.writeEndObject();
        });
    }
}
