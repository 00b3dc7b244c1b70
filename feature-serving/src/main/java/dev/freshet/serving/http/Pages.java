package dev.freshet.serving.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import dev.freshet.runtime.monitoring.Reason;

/** What is served without a lookup. */
final class Pages {
    private static final byte[] ALIVE = Json.bytes(json -> {
        json.writeStartObject();
        json.writeBooleanField("alive", true);
        json.writeEndObject();
    });
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final Supplier<List<Reason>> reasons;
    private final byte[] openApi = read("openapi.json");

    /** @param reasons why it is not ready */
    Pages(Supplier<List<Reason>> reasons) {
        this.reasons = reasons;
    }

    private static byte[] read(String resource) {
        try (InputStream in = Objects.requireNonNull(Pages.class.getResourceAsStream(resource))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void health(Exchange exchange) {
        exchange.send(OK, ALIVE);
    }

    void openApi(Exchange exchange) {
        exchange.send(OK, openApi);
    }

    /** Nobody is asked for a token here, so where the target is, and as whom it is asked, is for the log and for monitoring. */
    private static String text(Reason reason) {
        return reason.code() == Reason.Code.TARGET_UNREACHABLE
                ? "the target does not answer, or refuses: the log tells more"
                : reason.text();
    }

    void ready(Exchange exchange) {
        List<Reason> now = reasons.get();
        exchange.send(now.isEmpty() ? OK : UNAVAILABLE, Json.bytes(json -> {
            json.writeStartObject();
            json.writeBooleanField("ready", now.isEmpty());
            json.writeArrayFieldStart("reasons");
            for (Reason reason : now) {
                json.writeStartObject();
                json.writeStringField("code", reason.code().name());
                json.writeStringField("text", text(reason));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }));
    }
}
