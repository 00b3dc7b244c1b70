package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.testkit.process.ChildJvm;

/** Fault matrix, row 47, and bad inputs, row 31: an export that does not come to its end. */
class ExportProcessIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    private Path directory;

    private ExportProcess exports;

    @BeforeEach
    void createShop() throws Exception {
        exports = new ExportProcess(directory);
    }

    private void assertSucceeds(ChildJvm export) {
        assertThat(export.exitCode(PATIENCE)).as(export.output()).isZero();
    }

    private byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(exports.out().resolve(name));
    }

    private String sha256InManifest(String name) throws IOException {
        return new ObjectMapper().readTree(bytes(name)).at("/output/sha256").asText();
    }

    /** In the middle of all: the labels are in DuckDB, and the orders cannot be had. */
    private static void awaitLocked(Connection connection, ChildJvm export) {
        await("an export that waits for a lock").atMost(PATIENCE).until(() -> {
            assertThat(export.isAlive()).as(export.output()).isTrue();
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(
                            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                    + " AND application_name = 'freshet-export' AND wait_event_type = 'Lock'")) {
                row.next();
                return row.getInt(1) > 0;
            }
        });
    }

    /** Where a shell has started the tests in the background, its children take no notice of Ctrl-C. */
    private static boolean isIgnored(ChildJvm process, int signal) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line -> (Long.parseUnsignedLong(line.split("\\s+")[1], 16) >> (signal - 1) & 1) == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT 2", "TERM 15"})
    void anExportThatIsAskedToEndLeavesNothing(String signal) throws Exception {
        try (Connection locking = exports.connect();
                Connection watching = exports.connect();
                Statement lock = locking.createStatement()) {
            locking.setAutoCommit(false);
            lock.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
            try (ChildJvm export = exports.to("train.parquet").start()) {
                awaitLocked(watching, export);
                assertThat(exports.hasAtWork("export.duckdb", List.of())).isTrue();
                assumeThat(isIgnored(export, Integer.parseInt(signal.split(" ")[1])))
                        .as("that signals are taken notice of")
                        .isFalse();

                export.process().signal(signal.split(" ")[0]);

                assertThat(export.exitCode(PATIENCE)).as(export.output()).isEqualTo(75);
                assertThat(export.output()).isEqualTo("freshet: the export was interrupted, and nothing was written\n");
            }
        }
        assertThat(ExportProcess.names(exports.out())).isEmpty();
        assertThat(ExportProcess.names(exports.temporary())).isEmpty();
    }

    /** At each of its steps: copying the labels, reading, writing, and when the output is there. */
    @Test
    void anExportThatIsKilledShowsNoPartOfItsOutputAndRunsAgainToTheSameBytes() throws Exception {
        try (ChildJvm whole = exports.to("whole.csv").start()) {
            assertSucceeds(whole);
        }
        Path out = exports.out().resolve("train.csv");
        for (String step : new String[] {"labels", "export.duckdb", "output", "manifest", "../train.csv"}) {
            List<String> before = ExportProcess.names(exports.out());
            try (ChildJvm export = exports.to("train.csv", "--force").start()) {
                await("step " + step)
                        .atMost(PATIENCE)
                        .pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> exports.hasAtWork(step, before) || !export.isAlive());
                export.killHard();
            }
            if (Files.exists(out)) {
                assertThat(bytes("train.csv")).as("killed at %s", step).isEqualTo(bytes("whole.csv"));
            }
            if (Files.exists(exports.out().resolve("train.csv.manifest.json"))) {
                assertThat(sha256InManifest("train.csv.manifest.json"))
                        .as("killed at %s", step)
                        .isEqualTo(sha256InManifest("whole.csv.manifest.json"));
            }
        }
        try (ChildJvm again = exports.to("train.csv", "--force", "--manifest", "out/whole.csv.manifest.json")
                .start()) {
            assertSucceeds(again);
            assertThat(again.output()).contains("repeated: the same bytes as the manifest tells");
        }
        assertThat(bytes("train.csv")).isEqualTo(bytes("whole.csv"));
    }

    @Test
    void whatAKilledExportLeftTheNextOneDeletesAndSaysSo() throws Exception {
        try (Connection locking = exports.connect();
                Connection watching = exports.connect();
                Statement lock = locking.createStatement()) {
            locking.setAutoCommit(false);
            lock.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
            try (ChildJvm export = exports.to("killed.csv").start()) {
                awaitLocked(watching, export);
                export.killHard();
            }
        }
        String left = ExportProcess.names(exports.out()).get(0);
        assertThat(exports.hasAtWork("export.duckdb", List.of())).isTrue();

        try (ChildJvm next = exports.to("train.csv").start()) {
            assertSucceeds(next);
            assertThat(next.output()).contains("deleted what an export left that was killed", left);
        }

        assertThat(ExportProcess.names(exports.out())).containsExactly("train.csv", "train.csv.manifest.json");
    }

    @Test
    void whatAnExportWorksWithIsLeftAloneByOthers() throws Exception {
        try (Connection locking = exports.connect();
                Connection watching = exports.connect();
                Statement lock = locking.createStatement()) {
            locking.setAutoCommit(false);
            lock.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE");
            try (ChildJvm first = exports.to("first.csv").start()) {
                awaitLocked(watching, first);
                List<String> before = ExportProcess.names(exports.out());
                try (ChildJvm second = exports.to("second.csv").start()) {
                    await("the second one at work").atMost(PATIENCE).until(() -> {
                        assertThat(second.isAlive()).as(second.output()).isTrue();
                        return exports.hasAtWork("export.duckdb", before);
                    });
                    assertThat(ExportProcess.names(exports.out())).containsAll(before);
                    locking.rollback();
                    assertSucceeds(second);
                }
                assertSucceeds(first);
            }
        }
        assertThat(bytes("first.csv")).isEqualTo(bytes("second.csv"));
    }

    private static boolean canMount() throws Exception {
        try {
            return new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/tmp")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private ChildJvm onDiskOf(int mebibytes) throws IOException {
        String inside = "mount -t tmpfs -o size=" + mebibytes + "m none out || exit 99; \"$@\"; code=$?;"
                + " echo left: $(ls -A out); exit $code";
        return exports.to("train.csv")
                .through("exec unshare -rm sh -c '" + inside + "' sh \"$@\"")
                .start();
    }

    /** With no room for the labels; for DuckDB's tables of them, and of the orders; for the output. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 9})
    void aFullDiskIsToldAndNothingIsLeftOnIt(int mebibytes) throws Exception {
        assumeThat(canMount()).as("a file system of the test's own").isTrue();
        try (ChildJvm export = onDiskOf(mebibytes)) {
            assertThat(export.exitCode(PATIENCE)).as(export.output()).isEqualTo(78);
            assertThat(export.output())
                    .contains("freshet: the disk of " + exports.out().toRealPath() + " is full, with ")
                    .contains(" MiB of the export on it: ")
                    .endsWith("\nleft:\n")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aDiskThatIsLargeEnoughHasTheOutputAndNothingElse() throws Exception {
        assumeThat(canMount()).as("a file system of the test's own").isTrue();
        try (ChildJvm export = onDiskOf(64)) {
            assertThat(export.exitCode(PATIENCE)).as(export.output()).isZero();
            assertThat(export.output()).endsWith("left: train.csv train.csv.manifest.json\n");
        }
    }

    @Test
    void aFileThatMayNotGrowIsToldAndNothingIsLeft() throws Exception {
        try (ChildJvm export =
                exports.to("train.csv").through("ulimit -f 1000; exec \"$@\"").start()) {
            assertThat(export.exitCode(PATIENCE)).as(export.output()).isEqualTo(78);
            assertThat(export.output())
                    .contains("freshet: nothing more can be written to "
                            + exports.out().toRealPath() + ", with ")
                    .doesNotContain("\tat ");
        }
        assertThat(ExportProcess.names(exports.out())).isEmpty();
    }

    /** The output is a file, and whole; only what is said of it is lost, and that is said. */
    @Test
    void aReaderOfTheReportThatHasGoneIsToldByTheExitCode() throws Exception {
        try (ChildJvm export = exports.to("train.csv", "--json")
                .through("{ \"$@\"; echo code $? >&2; } | true")
                .start()) {
            assertThat(export.exitCode(PATIENCE)).isZero();
            assertThat(export.output())
                    .contains("is done, but its output could not be written")
                    .endsWith("code 78\n");
        }
        assertThat(ExportProcess.names(exports.out())).containsExactly("train.csv", "train.csv.manifest.json");
    }
}
