package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.reconcile.ReconcileService;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.MonitoringSettings.Listener;
import dev.freshet.runtime.monitoring.Monitoring;
import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.time.Time;

/** The tables of OPERATIONS.md against what a process tells. */
class MetricsDocumentTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)(?:\\{\\w+})?` \\|.*\\| (.*) \\|$");
    private static final Pattern METRIC = Pattern.compile("\\bfreshet_\\w+");

    /** No server is needed: what has not been found out yet is told as well, as NaN or 0. */
    private static String metrics() throws IOException, InterruptedException {
        FreshetConfig config = FreshetConfig.of(Map.of(
                "source.url", "jdbc:postgresql://localhost:1/shop",
                "source.user", "reader",
                "target.url", "jdbc:postgresql://localhost:1/shop",
                "target.user", "writer",
                "kafka.bootstrap.servers", "localhost:1",
                "schema.registry.url", "http://localhost:1",
                "streams.state.dir", "/nowhere",
                "monitoring.port", "0"));
        try (Monitoring monitoring = Monitoring.start(
                config,
                Listener.ALL,
                List.of(
                        Parts.sink(config),
                        Parts.streams(config),
                        Parts.ingest(config),
                        new ReconcileService(config, Duration.ofHours(1), Time.system())),
                Time.system())) {
            URI uri = URI.create(monitoring.url() + "/metrics");
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private static String section(String heading) throws IOException {
        String text = Files.readString(Path.of("..", "OPERATIONS.md"));
        int begin = text.indexOf("\n## " + heading + "\n");
        assertThat(begin).as(heading).isPositive();
        int end = text.indexOf("\n## ", begin + 1);
        return text.substring(begin, end < 0 ? text.length() : end);
    }

    @Test
    void everyMetricIsDocumentedAndEveryDocumentedOneIsTold() throws Exception {
        Set<String> told = metrics()
                .lines()
                .filter(line -> line.startsWith("freshet_"))
                .map(line -> line.replaceFirst("[{ ].*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> documented = ROW.matcher(section("Metrics"))
                .results()
                .map(row -> row.group(1))
                .filter(name -> name.startsWith("freshet_"))
                .flatMap(name -> name.equals("freshet_commit_seconds")
                        ? List.of(name + "_count", name + "_sum").stream()
                        : List.of(name).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(told).hasSizeBetween(10, 20);
    }

    @Test
    void everyMetricHasAnAlertOfMetricsThatThereAre() throws Exception {
        String told = metrics();
        for (Matcher row = ROW.matcher(section("Metrics")); row.find(); ) {
            Matcher used = METRIC.matcher(row.group(2));
            assertThat(used.find()).as(row.group(1)).isTrue();
            do {
                assertThat(told).as(row.group()).contains("\n" + used.group());
            } while (used.find());
        }
    }

    @Test
    void everyReasonIsDocumented() throws Exception {
        Set<String> documented = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\|")
                .matcher(section("Health"))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toSet());
        assertThat(documented)
                .isEqualTo(List.of(Reason.Code.values()).stream()
                        .map(Reason.Code::name)
                        .collect(Collectors.toSet()));
    }
}
