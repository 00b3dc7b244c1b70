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
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.reconcile.ReconcileService;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.MonitoringSettings.Listener;
import dev.freshet.runtime.monitoring.Monitoring;
import dev.freshet.runtime.monitoring.Reason;
import dev.freshet.runtime.time.Time;

/** The tables of OPERATIONS.md against what a process tells. */
class MetricsDocumentTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)(\\{[\\w,]+})?` \\|.*\\| (.*) \\|$");
    private static final Pattern TOLD = Pattern.compile("(?m)^(freshet_\\w+)(?:\\{([^}]*)})? ");
    private static final Pattern LABEL_VALUE = Pattern.compile("=\"[^\"]*\"");
    private static final Pattern METRIC = Pattern.compile("\\bfreshet_\\w+");

    /** No server is needed: what has not been found out yet is told as well, as NaN or 0. */
    private static String metrics() throws IOException, InterruptedException {
        FreshetConfig config = NothingThere.config(Map.of("monitoring.port", "0"));
        try (Monitoring monitoring = Monitoring.start(
                config,
                Listener.ALL,
                List.of(
                        Parts.sink(config),
                        Parts.streams(config),
                        Parts.ingest(config),
                        Parts.serving(config),
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

    /** With their labels, as {@code freshet_tick_age_seconds{log}}. */
    private static Set<String> told() throws IOException, InterruptedException {
        return TOLD.matcher(metrics())
                .results()
                .map(line -> line.group(1)
                        + (line.group(2) == null
                                ? ""
                                : "{" + LABEL_VALUE.matcher(line.group(2)).replaceAll("") + "}"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMetricIsDocumentedAndEveryDocumentedOneIsTold() throws Exception {
        Set<String> documented = ROW.matcher(section("Metrics"))
                .results()
                .filter(row -> row.group(1).startsWith("freshet_"))
                .flatMap(row -> {
                    String labels = row.group(2) == null ? "" : row.group(2);
                    return switch (row.group(1)) {
                        case "freshet_commit_seconds" ->
                            Stream.of("_count" + labels, "_sum" + labels).map(row.group(1)::concat);
                        case "freshet_serving_request_seconds" ->
                            Stream.of("_count", "_sum", "_max", "_bucket{le}").map(row.group(1)::concat);
                        default -> Stream.of(row.group(1) + labels);
                    };
                })
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(told()).hasSizeBetween(10, 30);
    }

    @Test
    void everyMetricHasAnAlertOfMetricsThatThereAre() throws Exception {
        Set<String> told =
                told().stream().map(name -> name.replaceFirst("\\{.*", "")).collect(Collectors.toSet());
        for (Matcher row = ROW.matcher(section("Metrics")); row.find(); ) {
            assertThat(METRIC.matcher(row.group(3)).results().map(MatchResult::group))
                    .as(row.group())
                    .isNotEmpty()
                    .isSubsetOf(told);
        }
    }

    /** Of which a process without a generation tells 0. */
    @Test
    void anAlertForNothingThatIsReadIsOfGenerationsThatThereAre() throws Exception {
        List<String> alerts = ROW.matcher(section("Metrics"))
                .results()
                .filter(row ->
                        "{generation}".equals(row.group(2)) && row.group(3).contains("== 0"))
                .map(row -> row.group(3))
                .toList();
        assertThat(alerts).isNotEmpty().allSatisfy(alert -> assertThat(alert).contains("generation!=\"none\""));
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
