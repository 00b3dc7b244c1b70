package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.testkit.servers.EmbeddedServers;

/** The demo with traffic: its own drift check over the whole table is the verdict. */
class DemoIT {
    private static final String[] SMALL = {"--users", "300", "--rate", "100", "--seed", "7"};

    @TempDir
    Path directory;

    @AfterEach
    void stopServersOfAKilledRun() {
        new EmbeddedServers(directory, 0).stopLeftBehind();
    }

    private DemoProcess run(String duration) {
        return DemoProcess.run(
                directory, "--for", duration, SMALL[0], SMALL[1], SMALL[2], SMALL[3], SMALL[4], SMALL[5]);
    }

    private DemoProcess start() {
        return DemoProcess.start(directory, SMALL);
    }

    @Test
    void endsWithTheTruthAndGoesOnWhereItStopped() {
        try (DemoProcess first = run("10s");
                DemoProcess second = run("5s")) {
            assertThat(first.exitCode()).as(first.output()).isZero();
            assertThat(first.output()).contains(", 0 differences", "readers see generation 1");
            assertThat(second.exitCode()).as(second.output()).isZero();
            assertThat(second.output()).contains(", 0 differences", "readers see generation 1");
            assertThat(second.output()).doesNotContain("the shop has 300 users and 3,000 orders");
        }
    }

    @Test
    void losesNothingWhenItIsKilledDuringTheSnapshotAndDuringTraffic() {
        try (DemoProcess demo = start()) {
            demo.awaitOutput("snapshot begun", output -> output.contains("reading users and orders"));
            demo.killHard();
        }
        try (DemoProcess demo = start()) {
            demo.awaitOutput("traffic", output -> output.contains("00:00:03 in="));
            try (DemoProcess other = run("5s")) {
                assertThat(other.exitCode()).as(other.output()).isEqualTo(78);
                assertThat(other.output()).contains("in use by another run");
            }
            demo.killHard();
        }
        try (DemoProcess demo = run("5s")) {
            assertThat(demo.exitCode()).as(demo.output()).isZero();
            assertThat(demo.output()).contains(", 0 differences");
        }
    }

    @Test
    void endsCleanlyWhenItIsAskedTo() {
        try (DemoProcess demo = start()) {
            demo.awaitOutput("traffic that is taken in", output -> output.contains(" equal=6/6 "));

            assertThat(demo.stop()).as(demo.output()).isZero();
            assertThat(demo.output()).contains("commit to visible: p50 ").doesNotContain("freshet: ");
        }
    }
}
