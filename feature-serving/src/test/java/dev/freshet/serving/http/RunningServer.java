package dev.freshet.serving.http;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.time.Time;
import dev.freshet.serving.explain.ExplanationJson;
import dev.freshet.serving.explain.Explanations;

/** A server, and a client of it. */
final class RunningServer implements AutoCloseable {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final ServingService service;
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    RunningServer(FreshetConfig config) throws Exception {
        this(config, null);
    }

    RunningServer(FreshetConfig config, Explain explain) throws Exception {
        this(config, explain, Time.system());
    }

    RunningServer(FreshetConfig config, Explain explain, Time time) throws Exception {
        service = ServingService.of(config, explain, time);
        service.monitored().measure(meters);
        service.start();
    }

    /** As freshet serve explains. */
    static Explain explaining(FreshetConfig config) {
        Explanations explanations = new Explanations(config, 100, Time.system());
        return (user, at) -> explanations.of(user, at).map(explanation -> ExplanationJson.render(explanation)
                .toString()
                .getBytes(StandardCharsets.UTF_8));
    }

    record Reply(int status, HttpResponse<String> response) {
        String text() {
            return response.body();
        }

        JsonNode json() throws IOException {
            return JSON.readTree(response.body());
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    ServingService service() {
        return service;
    }

    MeterRegistry meters() {
        return meters;
    }

    double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    URI uri(String path) {
        return URI.create(service.url() + path);
    }

    int port() {
        return uri("/").getPort();
    }

    Reply get(String path, String... headers) throws IOException, InterruptedException {
        return send(request(path, headers).GET());
    }

    Reply post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send(posting(path, body, headers));
    }

    CompletableFuture<Reply> getLater(String path) {
        return client.sendAsync(request(path).GET().build(), BodyHandlers.ofString())
                .thenApply(response -> new Reply(response.statusCode(), response));
    }

    private HttpRequest.Builder posting(String path, String body, String... headers) {
        return request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private Reply send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
        Reply reply = new Reply(response.statusCode(), response);
        Documented.check(response.uri().getRawPath(), response.request().method(), reply);
        return reply;
    }

    @Override
    public void close() {
        service.close();
    }
}
