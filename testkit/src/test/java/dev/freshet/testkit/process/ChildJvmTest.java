package dev.freshet.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildJvmTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void runsMainOnThisClassPathAndTellsItsExitCodeAndOutput() {
        try (ChildJvm child = ChildJvm.running(ExitMain.class)
                .jvmOptions("-Dsaid=hello")
                .arguments("7")
                .output(directory.resolve("out.log"))
                .start()) {
            assertThat(child.exitCode(PATIENCE)).isEqualTo(7);
            assertThat(child.output()).contains("hello");
        }
    }

    @Test
    void runsThroughAScript() {
        try (ChildJvm child = ChildJvm.running(ExitMain.class)
                .jvmOptions("-Dsaid=hello  you")
                .arguments("7")
                .through("\"$@\" | tr l L; \"$@\" >/dev/null; echo code $?")
                .output(directory.resolve("out.log"))
                .start()) {
            assertThat(child.exitCode(PATIENCE)).isZero();
            assertThat(child.output()).isEqualTo("heLLo  you\ncode 7\n");
        }
    }

    @Test
    void killedChildIsGoneAtOnce() {
        ChildJvm child = counting();
        child.killHard();
        assertThat(child.isAlive()).isFalse();
        assertThat(child.exitCode(PATIENCE)).isEqualTo(128 + 9);
    }

    @Test
    void pausedChildDoesNothingUntilResumed() throws Exception {
        try (ChildJvm child = counting()) {
            child.pause();
            awaitState(child, "T");
            long written = Files.size(child.outputFile());
            assertThatThrownBy(() -> child.exitCode(Duration.ofMillis(200))).hasMessageContaining("has not ended");
            assertThat(Files.size(child.outputFile())).isEqualTo(written);

            child.resume();
            Awaitility.await("output after resume")
                    .atMost(PATIENCE)
                    .until(() -> Files.size(child.outputFile()) > written);
        }
    }

    @Test
    void stoppedChildRunsItsShutdownHooks() {
        try (ChildJvm child = counting()) {
            assertThat(child.stop(PATIENCE)).isEqualTo(128 + 15);
            assertThat(child.output()).contains("bye");
        }
    }

    @Test
    void processIsFoundByTheEndOfAnArgument() {
        String mark = "mark=" + directory;
        try (ChildJvm child = ChildJvm.running(CountMain.class)
                .jvmOptions("-D" + mark)
                .output(directory.resolve("out.log"))
                .start()) {
            assertThat(OsProcess.withArgumentEnding(mark))
                    .extracting(OsProcess::pid)
                    .containsExactly(child.pid());
            assertThat(OsProcess.withArgumentEnding(mark + "x")).isEmpty();
        }
    }

    private ChildJvm counting() {
        ChildJvm child = ChildJvm.running(CountMain.class)
                .output(directory.resolve("out.log"))
                .start();
        Awaitility.await("first output").atMost(PATIENCE).until(() -> child.output()
                .contains("1"));
        return child;
    }

    /** The state of a process is asynchronous to the signal's delivery. */
    private static void awaitState(ChildJvm child, String state) {
        Path stat = Path.of("/proc", Long.toString(child.pid()), "stat");
        Awaitility.await("state " + state)
                .atMost(PATIENCE)
                .until(() -> !Files.exists(stat) || Files.readString(stat).contains(") " + state));
    }

    static final class ExitMain {
        public static void main(String[] args) {
            System.out.println(System.getProperty("said"));
            System.exit(Integer.parseInt(args[0]));
        }
    }

    static final class CountMain {
        public static void main(String[] args) throws Exception {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("bye")));
            for (int i = 1; ; i++) {
                System.out.println(i);
                new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS);
            }
        }
    }
}
