package dev.freshet.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

import dev.freshet.testkit.process.ChildJvm;

/** A demo in a process of its own, as ./freshet starts it. */
final class DemoProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Path JVM_OPTIONS = Path.of("../deploy/jvm.options").toAbsolutePath();

    private final ChildJvm jvm;

    private DemoProcess(ChildJvm jvm) {
        this.jvm = jvm;
    }

    static DemoProcess start(Path dataDirectory, String... options) {
        List<String> arguments = Stream.concat(
                        Stream.of("demo", "--data-dir", dataDirectory.toString()), Stream.of(options))
                .toList();
        return new DemoProcess(ChildJvm.running(Freshet.class)
                .jvmOptions("@" + JVM_OPTIONS, "-Xms128m", "-Xmx640m")
                .arguments(arguments.toArray(String[]::new))
                .start());
    }

    /** Runs one to its end. */
    static DemoProcess run(Path dataDirectory, String... options) {
        DemoProcess demo = start(dataDirectory, options);
        demo.jvm.exitCode(START.plusMinutes(2));
        return demo;
    }

    String output() {
        return jvm.output();
    }

    int exitCode() {
        return jvm.exitCode(START);
    }

    /** As Ctrl-C does; returns the exit code. */
    int stop() {
        return jvm.stop(Duration.ofMinutes(1));
    }

    void awaitOutput(String alias, Predicate<String> condition) {
        Awaitility.await(alias)
                .atMost(START)
                .pollInterval(Duration.ofMillis(20))
                .failFast("the demo has ended", () -> !jvm.isAlive() && !condition.test(output()))
                .until(() -> condition.test(output()));
    }

    void killHard() {
        jvm.killHard();
    }

    @Override
    public void close() {
        jvm.close();
    }
}
