package dev.freshet.testkit.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.testkit.process.Deadline;
import dev.freshet.testkit.process.LogTail;
import dev.freshet.testkit.process.OsProcess;

/** Start, readiness, left-behind processes and stop, the same for all servers; what is started is the subclass's. */
abstract class ServerProcess implements EmbeddedServer {
    private static final Logger log = LoggerFactory.getLogger(ServerProcess.class);
    private static final Duration START_PATIENCE = Duration.ofMinutes(2);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(50);

    private final String name;
    private final Path directory;
    private @Nullable OsProcess process;

    ServerProcess(String name, Path directory) {
        this.name = name;
        this.directory = directory.toAbsolutePath().normalize();
    }

    /** Makes the data directory when it is not there yet; the directory itself exists. */
    abstract void prepare() throws IOException;

    /** Starts the process; one of its arguments ends with {@link #mark()}. */
    abstract OsProcess launch(Path logFile) throws IOException;

    /** Whether it serves now; returns soon either way. */
    abstract boolean isReady();

    /** The signal that ends it in an orderly way without waiting for its clients. */
    abstract String stopSignal();

    @Override
    public final String name() {
        return name;
    }

    /** Where its data are. */
    final Path directory() {
        return directory;
    }

    /** What a command line of a server on this directory holds, so that a left-behind one is found without a pid file. */
    final String mark() {
        return "freshet.server=" + directory;
    }

    @Override
    public final synchronized void start() {
        if (isRunning()) {
            return;
        }
        try {
            Files.createDirectories(directory);
            stopLeftBehind();
            prepare();
            Path logFile = log();
            Files.createDirectories(logFile.toAbsolutePath().getParent());
            LogTail tail = new LogTail(logFile);
            process = launch(logFile);
            awaitReady(process, tail);
        } catch (IOException e) {
            throw new ServerStartException(name + " could not be started in " + directory, e);
        }
    }

    /** What it says: <dataDir>/logs/<name>.log, beside the servers' own directories. */
    public final Path log() {
        return directory.resolveSibling("logs").resolve(name + ".log");
    }

    private void awaitReady(OsProcess started, LogTail tail) {
        Deadline deadline = Deadline.in(START_PATIENCE);
        while (!isReady()) {
            if (started.awaitExit(POLL)) {
                process = null;
                throw new ServerStartException(
                        name + " ended while starting; end of " + log() + ":\n" + tail.text(), null);
            }
            if (deadline.isPast()) {
                killHard();
                throw new ServerStartException(
                        name + " was not ready after " + START_PATIENCE + "; end of " + log() + ":\n" + tail.text(),
                        null);
            }
        }
        log.info("server started name={} pid={}", name, started.pid());
    }

    /** Stops processes of an earlier run on this directory, whoever started them. */
    final void stopLeftBehind() {
        for (OsProcess leftBehind : OsProcess.withArgumentEnding(mark())) {
            log.info("stopping a server that an earlier run left behind name={} pid={}", name, leftBehind.pid());
            stop(leftBehind);
        }
    }

    @Override
    public final synchronized void stop() {
        OsProcess running = process;
        if (running != null) {
            stop(running);
            process = null;
            log.info("server stopped name={} pid={}", name, running.pid());
        }
    }

    private void stop(OsProcess server) {
        server.signal(stopSignal());
        if (!server.awaitExit(STOP_PATIENCE)) {
            server.killHardWithDescendants();
        }
    }

    @Override
    public final synchronized void killHard() {
        OsProcess running = process;
        if (running != null) {
            running.killHardWithDescendants();
            process = null;
        }
    }

    @Override
    public final synchronized long pid() {
        if (process == null) {
            throw new IllegalStateException(name + " is not running");
        }
        return process.pid();
    }

    @Override
    public final synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }
}
