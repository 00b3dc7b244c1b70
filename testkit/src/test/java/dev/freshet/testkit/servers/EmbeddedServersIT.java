package dev.freshet.testkit.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.process.OsProcess;
import dev.freshet.testkit.servers.StartupEvent.Step;

class EmbeddedServersIT {
    @TempDir
    Path directory;

    @Test
    void startAllTellTheirProgressAndKeepTheirDirectory() {
        List<StartupEvent> events = new CopyOnWriteArrayList<>();
        int base = 19_000 + (int) (ProcessHandle.current().pid() % 900);
        try (EmbeddedServers servers = new EmbeddedServers(directory, base)) {
            servers.start(events::add);
            assertThat(List.of(
                            servers.postgres().port(),
                            servers.kafka().port(),
                            servers.registry().port()))
                    .containsExactly(base, base + 1, base + 3);
            assertThatThrownBy(() -> EmbeddedServers.start(directory))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("in use");
            assertThat(servers.postgres().isRunning()).isTrue();
        }
        assertThat(events)
                .filteredOn(event -> event.step() == Step.READY)
                .extracting(StartupEvent::server)
                .containsExactlyInAnyOrder("postgres", "kafka", "registry");
    }

    @Test
    void takeTheirDirectoryBackFromRunThatWasKilled() throws Exception {
        List<Long> leftBehind;
        try (ChildJvm run = ChildJvm.running(StartServersMain.class)
                .arguments(directory.toString())
                .output(directory.resolve("run.log"))
                .start()) {
            Awaitility.await("servers of the child")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> run.output().contains("pids"));
            leftBehind = run.output()
                    .lines()
                    .filter(line -> line.startsWith("pids "))
                    .flatMap(line -> List.of(line.substring(5).split(" ")).stream())
                    .map(Long::parseLong)
                    .toList();
            run.killHard();
        }
        assertThat(leftBehind).hasSize(3).allMatch(pid -> OsProcess.of(pid).isPresent());

        try (EmbeddedServers servers = EmbeddedServers.start(directory)) {
            assertThat(leftBehind).allMatch(pid -> OsProcess.of(pid).isEmpty());
            try (Connection connection = servers.postgres().database("shop").connect();
                    Statement statement = connection.createStatement()) {
                assertThat(statement.executeQuery("SELECT 1 FROM t").next()).isFalse();
            }
        }
    }

    @Test
    void stopWhenTheJvmEnds() {
        try (ChildJvm run = ChildJvm.running(StartServersMain.class)
                .arguments(directory.toString())
                .output(directory.resolve("run.log"))
                .start()) {
            Awaitility.await("servers of the child")
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> run.output().contains("pids"));
            run.stop(Duration.ofSeconds(30));
            assertThat(run.output().lines().filter(line -> line.contains("server stopped")))
                    .hasSize(3);
        }
    }

    /** Starts servers, tells their process ids and waits to be killed. */
    static final class StartServersMain {
        public static void main(String[] args) throws Exception {
            EmbeddedServers servers = EmbeddedServers.start(Path.of(args[0])).stopAtJvmEnd();
            Database shop = servers.postgres().createDatabase("shop");
            try (Connection connection = shop.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE t (id INT)");
            }
            servers.kafka().createTopic("t", 1, Map.of());
            System.out.println("pids " + servers.postgres().pid() + " "
                    + servers.kafka().pid() + " " + servers.registry().pid());
            Thread.currentThread().join();
        }
    }
}
