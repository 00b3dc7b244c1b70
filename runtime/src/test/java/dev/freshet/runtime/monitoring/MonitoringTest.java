package dev.freshet.runtime.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.MonitoringSettings.Listener;
import dev.freshet.runtime.time.Time;

class MonitoringTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final List<Reason> reasons = new CopyOnWriteArrayList<>();
    private final List<Monitoring> started = new ArrayList<>();

    @AfterEach
    void close() {
        started.forEach(Monitoring::close);
    }

    @Test
    void itIsReadyUntilAPartSaysWhyNotAndAgainWhenItSaysNoMore() throws Exception {
        String url = start(0).url();
        assertThat(get(url + "/ready").statusCode()).isEqualTo(200);
        assertThat(get(url + "/ready").body()).isEqualTo("{\"ready\":true,\"reasons\":[]}\n");
        assertThat(get(url + "/metrics").body()).contains("\nfreshet_ready 1.0\n");

        reasons.add(new Reason(Reason.Code.BEHIND, "a \"long\" way behind"));
        assertThat(get(url + "/ready").statusCode()).isEqualTo(503);
        assertThat(get(url + "/ready").body())
                .isEqualTo(
                        "{\"ready\":false,\"reasons\":[{\"code\":\"BEHIND\",\"text\":\"a \\\"long\\\" way behind\"}]}\n");
        assertThat(get(url + "/metrics").body()).contains("\nfreshet_ready 0.0\n");
        assertThat(get(url + "/health").statusCode()).as("it lives").isEqualTo(200);

        reasons.clear();
        assertThat(get(url + "/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void itShowsMetricsOfThePartsAndOfTheJvm() throws Exception {
        assertThat(get(start(0).url() + "/metrics").body())
                .contains("\n# TYPE freshet_of_the_part_seconds gauge\nfreshet_of_the_part_seconds 7.0\n")
                .contains("\njvm_memory_used_bytes{");
    }

    @Test
    void itChangesNothingAndKnowsNothingElse() throws Exception {
        String url = start(0).url();
        HttpRequest post = HttpRequest.newBuilder(URI.create(url + "/ready"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        assertThat(CLIENT.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
        assertThat(get(url + "/").statusCode()).isEqualTo(404);
        assertThat(get(url + "/ready/../etc").statusCode()).isEqualTo(404);
        HttpRequest head = HttpRequest.newBuilder(URI.create(url + "/ready"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(CLIENT.send(head, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    @Test
    void aPortThatIsTakenIsAFaultOfTheConfiguration() {
        int taken = URI.create(start(0).url()).getPort();
        assertThatThrownBy(() -> start(taken))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("monitoring.port = '" + taken + "': cannot listen on 127.0.0.1:" + taken)
                .hasMessageContaining("FRESHET_MONITORING_PORT");
    }

    @Test
    void anAddressOfAnotherMachineIsAFaultOfTheConfiguration() {
        assertThatThrownBy(() -> start(config(Map.of("monitoring.host", "192.0.2.1", "monitoring.port", "0"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("192.0.2.1");
    }

    @Test
    void processesOfOneFileListenSideBySide() {
        assertThat(config(Map.of()).monitoring().port(Listener.ALL)).isEqualTo(9460);
        assertThat(List.of(Listener.values()))
                .extracting(listener -> config(Map.of()).monitoring().port(listener))
                .doesNotHaveDuplicates();
        assertThat(config(Map.of("monitoring.port", "0")).monitoring().port(Listener.SINK))
                .isZero();
    }

    @Test
    void whatIsNoPortOrHostIsRefused() {
        for (Map<String, String> wrong : List.of(
                Map.of("monitoring.port", "-1"),
                Map.of("monitoring.port", "65533"),
                Map.of("monitoring.host", ""),
                Map.of("monitoring.host", "http://here"),
                Map.of("monitoring.max.age.ms", "0"))) {
            assertThatThrownBy(() -> config(wrong))
                    .isInstanceOf(ConfigException.class)
                    .message()
                    .containsPattern(Pattern.quote(wrong.keySet().iterator().next()));
        }
    }

    private Monitoring start(int port) {
        return start(config(Map.of("monitoring.port", Integer.toString(port))));
    }

    private Monitoring start(FreshetConfig config) {
        Monitoring monitoring = Monitoring.start(config, Listener.ALL, List.of(new Part()), Time.system());
        started.add(monitoring);
        return monitoring;
    }

    private static FreshetConfig config(Map<String, String> more) {
        Map<String, String> settings = new java.util.HashMap<>(Map.of(
                "source.url", "jdbc:postgresql://localhost:1/shop",
                "source.user", "a",
                "target.url", "jdbc:postgresql://localhost:1/shop",
                "target.user", "a",
                "kafka.bootstrap.servers", "localhost:1",
                "schema.registry.url", "http://localhost:1"));
        settings.putAll(more);
        return FreshetConfig.of(settings);
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    /** Needs no server. */
    private final class Part implements MonitoredService, Monitored {
        @Override
        public Monitored monitored() {
            return this;
        }

        @Override
        public Set<Server> needs() {
            return Set.of();
        }

        @Override
        public List<Reason> reasons() {
            return reasons;
        }

        @Override
        public void look(Server database, Connection connection) {
            throw new AssertionError("it needs none");
        }

        @Override
        public void measure(MeterRegistry meters) {
            Gauge.builder("freshet.of.the.part", () -> 7).baseUnit("seconds").register(meters);
        }

        @Override
        public String name() {
            return "part";
        }

        @Override
        public void start() {}

        @Override
        public CompletionStage<Void> ended() {
            return new CompletableFuture<>();
        }

        @Override
        public void close() {}
    }
}
