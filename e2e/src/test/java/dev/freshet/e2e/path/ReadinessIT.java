package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.e2e.bed.Readiness;
import dev.freshet.e2e.path.Pipeline.Part;
import dev.freshet.e2e.shop.Shop;
import dev.freshet.ops.status.StatusCheck;
import dev.freshet.ops.status.StatusReport;
import dev.freshet.ops.status.StatusReport.Unreachable;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.process.OsProcess;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.EmbeddedServers;

/** What /ready tells of real processes while their servers come and go. */
class ReadinessIT {
    private static final Duration PROMISED = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern URL = Pattern.compile("telling how it is url=(\\S+)");

    @TempDir
    Path directory;

    @Test
    void whyAProcessIsNotReadyIsToldWithinTenSecondsAndNoLongerThanItIsSo() throws Exception {
        try (EmbeddedServers servers = EmbeddedServers.start(directory)) {
            Database database = servers.postgres().createDatabase("shop");
            try (Shop shop = new Shop(database, new SplittableRandom(1))) {
                shop.transact();
            }
            try (Pipeline pipeline = Pipeline.of(servers, database)) {
                pipeline.startAll();
                for (Part part : Part.PROCESSES) {
                    await(part + " is ready").atMost(PATIENCE).until(() -> reasons(pipeline, part), Set::isEmpty);
                }
                allAgainEndsAndNothingNotices(pipeline);
                pipeline.start(Part.INGEST, 2, Map.of());
                await("the second ingest")
                        .atMost(PATIENCE)
                        .until(() -> reasons(pipeline.instance(Part.INGEST, 2).output()), Set.of("STANDBY")::equals);

                servers.registry().killHard();
                comesAndGoes(
                        pipeline,
                        "REGISTRY_UNREACHABLE",
                        () -> servers.registry().start(),
                        Part.SINK,
                        Part.STREAMS,
                        Part.INGEST);

                OsProcess broker = OsProcess.of(servers.kafka().pid()).orElseThrow();
                broker.signal("STOP");
                comesAndGoes(pipeline, "KAFKA_UNREACHABLE", () -> broker.signal("CONT"), Part.SINK, Part.STREAMS);

                servers.postgres().killHard();
                StatusReport status = StatusCheck.run(pipeline.config(), Time.system());
                assertThat(status.unreachable()).extracting(Unreachable::server).containsExactly("target", "source");
                assertThat(status.deadLetters()).as("Kafka still tells").isZero();
                comesAndGoes(
                        pipeline, "TARGET_UNREACHABLE", () -> servers.postgres().start(), Part.SINK, Part.STREAMS);
            }
        }
    }

    /** Whoever starts all with the configuration of parts that run. */
    private static void allAgainEndsAndNothingNotices(Pipeline pipeline) {
        try (ChildJvm all = pipeline.command("all")) {
            assertThat(all.exitCode(PATIENCE)).as(all::output).isEqualTo(ExitCode.OPERATOR.code());
            assertThat(all.output())
                    .contains("another streams keeps its state in streams.state.dir ")
                    .doesNotContain("started service");
        }
        for (Part part : Part.PROCESSES) {
            assertThat(reasons(pipeline, part)).as("%s", part).isEmpty();
        }
    }

    private static void comesAndGoes(Pipeline pipeline, String code, Runnable end, Part... parts) {
        for (Part part : parts) {
            await(part + " tells " + code).atMost(PROMISED).until(() -> reasons(pipeline, part)
                    .contains(code));
        }
        end.run();
        for (Part part : parts) {
            await(part + " no longer tells " + code).atMost(PROMISED).until(() -> !reasons(pipeline, part)
                    .contains(code));
        }
    }

    private static Set<String> reasons(Pipeline pipeline, Part part) {
        return reasons(pipeline.output(part));
    }

    /** By the codes; of a process that does not listen yet, or is too slow to answer, that. */
    private static Set<String> reasons(String log) {
        Matcher url = URL.matcher(log);
        return url.find() ? new TreeSet<>(Readiness.at(url.group(1))) : Set.of(Readiness.NO_ANSWER);
    }
}
