package dev.freshet.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

import dev.freshet.ingest.IngestService;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.LibraryCheck;
import dev.freshet.runtime.kafka.KafkaCheck;
import dev.freshet.runtime.kafka.RegistryCheck;
import dev.freshet.runtime.monitoring.MonitoredService;
import dev.freshet.runtime.time.Time;
import dev.freshet.serving.explain.ExplanationJson;
import dev.freshet.serving.explain.Explanations;
import dev.freshet.serving.http.ServingService;
import dev.freshet.sink.SinkService;
import dev.freshet.streams.StreamsService;

/** The three parts of the main job, and the one that serves what they make. Each can run in a process of its own. */
public final class Parts {
    /** What the libraries in them would refuse of a configuration. */
    static final List<LibraryCheck> CHECKS =
            List.of(KafkaCheck.check(), StreamsService.check(), RegistryCheck.check(), IngestService.check());

    /** The newest of a user, in an answer over HTTP. */
    private static final int EXPLAINED_ORDERS = 100;

    private Parts() {}

    public static IngestService ingest(FreshetConfig config) {
        return IngestService.of(config, Time.system());
    }

    public static MonitoredService streams(FreshetConfig config) {
        return StreamsService.of(config, Time.system());
    }

    public static MonitoredService sink(FreshetConfig config) {
        return SinkService.of(config, Time.system());
    }

    public static ServingService serving(FreshetConfig config) {
        Explanations explanations = new Explanations(config, EXPLAINED_ORDERS, Time.system());
        return ServingService.of(
                config,
                (user, at) -> explanations.of(user, at).map(explanation -> ExplanationJson.render(explanation)
                        .toString()
                        .getBytes(UTF_8)),
                Time.system());
    }
}
