package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.freshet.e2e.shop.Shop;
import dev.freshet.ops.replay.BuildProgress;
import dev.freshet.ops.replay.BuildProgress.Stage;
import dev.freshet.ops.replay.KafkaSide;
import dev.freshet.ops.replay.ProgressReader;
import dev.freshet.ops.replay.Replay;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** How much of its log a build reads again after kill -9, by what streams tells of its reading. */
class KilledBuildIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** What streams takes with one poll, a few times over: a commit is due after each, but not every one is one. */
    private static final long CHUNK = 5_000;

    private static final Pattern URL = Pattern.compile("telling how it is url=(\\S+)");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Database database;
    private Pipeline pipeline;

    @BeforeEach
    void prepare() {
        SharedServers servers = SharedServers.get();
        database = servers.newDatabase();
        pipeline = Pipeline.of(servers, database);
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    @Test
    void aKilledBuildReadsOnFromItsLastCommit() throws Exception {
        FreshetConfig config = pipeline.config();
        try (Connection target = database.connect();
                KafkaSide kafka = new KafkaSide(config);
                LogEntries log = new LogEntries(config, SharedServers.get().kafka())) {
            new Shop(database, new SplittableRandom(1)).close(); // its tables
            ReplayIT.insertManyOrders(target);
            pipeline.startAll();
            Replay replay = new Replay(config, target);
            await("a live generation")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> replay.live().number() == 1);
            Generation build = replay.start();
            ProgressReader progress = new ProgressReader(config, target, kafka);
            long[] readBefore = {0};
            await("a third of the log")
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> {
                        readBefore[0] = entriesRead(build);
                        return isAThirdRead(progress.read(build));
                    });
            pipeline.kill(Pipeline.Part.STREAMS);
            Map<TopicPartition, Long> committed = log.committed(build);
            long kept = log.before(committed);
            assertThat(kept)
                    .as("committed, so that reading all again is told from reading on")
                    .isPositive();
            assertThat(readBefore[0] - kept).as("read, and not committed").isLessThanOrEqualTo(CHUNK);

            pipeline.start(Pipeline.Part.STREAMS, Map.of());
            await("the end of the build").atMost(PATIENCE).until(() -> progress.read(build)
                    .isComplete());
            assertThat(entriesRead(build))
                    .as("read after the kill, of those that were not committed")
                    .isPositive()
                    .isLessThanOrEqualTo(log.from(committed));
            Truth.assertTableIsTheTruth(database, pipeline);
        }
    }

    private static boolean isAThirdRead(BuildProgress build) {
        return build.stage() == Stage.READING && build.done() * 3 >= build.total();
    }

    /** By the process of streams that was started last; 0 while it does not tell. */
    private long entriesRead(Generation generation) throws InterruptedException {
        List<String> urls = URL.matcher(pipeline.output(Pipeline.Part.STREAMS))
                .results()
                .map(url -> url.group(1))
                .toList();
        if (urls.isEmpty()) {
            return 0;
        }
        try {
            URI metrics = URI.create(urls.get(urls.size() - 1) + "/metrics");
            String body = CLIENT.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                    .body();
            Matcher told = Pattern.compile(
                            "(?m)^freshet_entries_read_total\\{generation=\"" + generation.number() + "\"} (\\S+)$")
                    .matcher(body);
            return told.find() ? (long) Double.parseDouble(told.group(1)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
