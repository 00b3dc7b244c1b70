package dev.freshet.e2e.bed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a process says of itself over HTTP. */
public final class Readiness {
    /** In place of reasons: nobody listens, or it is too slow to answer. */
    public static final String NO_ANSWER = "NO_ANSWER";

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int OK = 200;
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    private Readiness() {}

    /**
     * Why it is not ready, by code; empty if it is.
     *
     * @param url of a process
     */
    public static List<String> at(String url) {
        try {
            HttpResponse<String> response = get(url + "/ready");
            JsonNode root = JSON.readTree(response.body());
            List<String> codes = new ArrayList<>();
            root.get("reasons").forEach(reason -> codes.add(reason.get("code").asText()));
            if (codes.isEmpty() != (response.statusCode() == OK)
                    || codes.isEmpty() != root.get("ready").asBoolean()) {
                throw new IllegalStateException(response.statusCode() + " " + response.body());
            }
            return codes;
        } catch (IOException e) {
            return List.of(NO_ANSWER);
        }
    }

    /** The sum of a metric over all its labels; 0 if it is not told. */
    static double metric(String url, String name) {
        try {
            return get(url + "/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .filter(value -> !Double.isNaN(value))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static HttpResponse<String> get(String url) throws IOException {
        try {
            return CLIENT.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
