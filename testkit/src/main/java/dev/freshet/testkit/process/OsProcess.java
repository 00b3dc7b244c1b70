package dev.freshet.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A process of this machine, a child of this JVM or not: signals it and waits for its end. */
public final class OsProcess {
    private static final Duration POLL = Duration.ofMillis(20);

    private final ProcessHandle handle;

    OsProcess(ProcessHandle handle) {
        this.handle = handle;
    }

    /** The process with this id, if there is one. */
    public static Optional<OsProcess> of(long pid) {
        return ProcessHandle.of(pid).map(OsProcess::new).filter(OsProcess::isAlive);
    }

    /** The running processes one of whose arguments ends with this mark. */
    public static List<OsProcess> withArgumentEnding(String mark) {
        return ProcessHandle.allProcesses()
                .filter(handle -> handle.pid() != ProcessHandle.current().pid())
                .filter(handle -> hasArgumentEnding(handle, mark))
                .map(OsProcess::new)
                .filter(OsProcess::isAlive)
                .toList();
    }

    public long pid() {
        return handle.pid();
    }

    /** False also for a zombie: where nobody reaps orphans they stay listed, but hold nothing. */
    public boolean isAlive() {
        return handle.isAlive() && !isZombie();
    }

    /** Waits until the process is gone; false when the patience ends first. */
    public boolean awaitExit(Duration patience) {
        Deadline deadline = Deadline.in(patience);
        while (isAlive()) {
            if (deadline.isPast()) {
                return false;
            }
            pause();
        }
        return true;
    }

    /** Sends a signal by name, such as INT or STOP. A process that is gone is no error. */
    public void signal(String name) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (kill.waitFor() != 0 && isAlive()) {
                throw new IllegalStateException("cannot send signal " + name + " to process " + pid());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Sends a signal to the process and to all that it has started, as a server with a process for each connection. */
    public void signalWithDescendants(String name) {
        List<OsProcess> descendants = handle.descendants().map(OsProcess::new).toList();
        signal(name);
        descendants.forEach(descendant -> descendant.signal(name));
    }

    /** kill -9 for this process alone, and a wait until it is gone. */
    public void killHard() {
        handle.destroyForcibly();
        requireExit(Duration.ofSeconds(30));
    }

    /** kill -9, and a wait until its descendants are gone too; those that do not end by themselves are killed. */
    public void killHardWithDescendants() {
        List<OsProcess> descendants = handle.descendants().map(OsProcess::new).toList();
        killHard();
        for (OsProcess orphan : descendants) {
            if (!orphan.awaitExit(Duration.ofSeconds(5))) {
                orphan.killHard();
            }
        }
    }

    private void requireExit(Duration patience) {
        if (!awaitExit(patience)) {
            throw new IllegalStateException("process " + pid() + " survived kill -9 for " + patience);
        }
    }

    private void pause() {
        try {
            handle.onExit().get(POLL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // Still running, or not ours to wait for: the caller looks again.
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private boolean isZombie() {
        Path proc = Path.of("/proc", Long.toString(pid()));
        try (Stream<Path> threads = Files.list(proc.resolve("task"))) {
            String stat = Files.readString(proc.resolve("stat"));
            // A killed process is marked so when its first thread is gone; its sockets are open until the last one is.
            return stat.startsWith(") Z", stat.lastIndexOf(')')) && threads.count() <= 1;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean hasArgumentEnding(ProcessHandle handle, String mark) {
        Path arguments = Path.of("/proc", Long.toString(handle.pid()), "cmdline");
        try {
            return (Files.readString(arguments) + "\0").contains(mark + "\0");
        } catch (IOException e) {
            // Not Linux, or not ours to read.
            return (handle.info().commandLine().orElse("") + " ").contains(mark + " ");
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while waiting for a process", e);
    }
}
