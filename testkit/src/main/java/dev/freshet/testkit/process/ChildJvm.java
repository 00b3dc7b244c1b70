package dev.freshet.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A JVM started by this one, for tests that kill or freeze a process. Its standard output and error go to one file. It runs
 * in a session of its own where the system has setsid, so Ctrl-C in a terminal reaches only this JVM.
 */
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final OsProcess os;
    private final Path output;

    ChildJvm(Process process, Path output) {
        this.process = process;
        this.os = new OsProcess(process.toHandle());
        this.output = output;
    }

    /** A child that runs this class's main method on the class path of this JVM. */
    public static ChildJvmBuilder running(Class<?> main) {
        return running(main.getName());
    }

    /** A child that runs the main method of the named class on the class path of this JVM. */
    public static ChildJvmBuilder running(String mainClass) {
        return new ChildJvmBuilder(mainClass);
    }

    /** A child that runs an executable jar. */
    public static ChildJvmBuilder runningJar(Path jar) {
        return new ChildJvmBuilder("-jar", jar.toString());
    }

    public OsProcess process() {
        return os;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return os.isAlive();
    }

    /** kill -9 for this process alone, and a wait until it is gone: what it had started lives on. */
    public void killHard() {
        os.killHard();
    }

    /** SIGSTOP: the process keeps its connections and does nothing, as in a long pause. */
    public void pause() {
        os.signal("STOP");
    }

    /** SIGCONT: goes on after {@link #pause()}. */
    public void resume() {
        os.signal("CONT");
    }

    /** SIGTERM; kill -9 when the process has not ended after the patience. Returns the exit code. */
    public int stop(Duration patience) {
        os.signal("TERM");
        if (!os.awaitExit(patience)) {
            os.killHard();
        }
        return exitCode(Duration.ofSeconds(10));
    }

    /** Waits for the end of the process; an {@link IllegalStateException} with its last output when that does not come. */
    public int exitCode(Duration patience) {
        try {
            if (process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("process " + pid() + " has not ended after " + patience + ":\n" + output());
    }

    /** All it has written so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path outputFile() {
        return output;
    }

    @Override
    public void close() {
        if (isAlive()) {
            killHard();
        }
    }
}
