package dev.freshet.e2e.bed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

import dev.freshet.e2e.process.WorkDirectory;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.testkit.process.Deadline;

/**
 * A process that is started again when it ends, as a supervisor does: at once where it was killed or asks for it, and not where it
 * says that a person must act.
 */
public final class Instance {
    private static final Duration BEFORE_RESTART = Duration.ofMillis(300);
    private static final Duration REAPING = Duration.ofSeconds(10);
    private static final Duration STOPPING = Duration.ofSeconds(25);

    private final Part part;
    private final int number;
    private final Path directory;
    private final Path yaml;
    private final Map<String, String> environment;
    private final Consumer<Ended> ends;
    private @Nullable Life life;
    private int lives;
    private int told;
    private boolean wanted;
    private boolean held;
    private @Nullable Deadline restart;
    private final Map<Integer, Integer> expected = new HashMap<>();

    Instance(Part part, int number, Path yaml, Map<String, String> environment, Consumer<Ended> ends) {
        this.part = part;
        this.number = number;
        this.yaml = yaml;
        this.ends = ends;
        directory = yaml.resolveSibling(name());
        this.environment = new HashMap<>(environment);
        this.environment.put("FRESHET_STREAMS_INSTANCE_ID", name());
        this.environment.put("FRESHET_SINK_INSTANCE_ID", name());
        this.environment.put("FRESHET_STREAMS_STATE_DIR", stateDirectory().toString());
    }

    public Part part() {
        return part;
    }

    public String name() {
        return part + "-" + number;
    }

    /** Where a streams keeps its state. */
    public Path stateDirectory() {
        return directory.resolve("state");
    }

    /** The one that runs, or has run last. */
    public synchronized Life life() {
        if (life == null) {
            throw new IllegalStateException(name() + " was not started");
        }
        return life;
    }

    /** How many there have been. */
    public synchronized int lives() {
        return lives;
    }

    public synchronized boolean isRunning() {
        return life != null && life.process().isAlive();
    }

    /** Starts it, and again whenever it ends otherwise than for a person to act. */
    public synchronized void start() {
        if (hasEndedUnnoted()) {
            noteEnd();
        }
        wanted = true;
        held = false;
        if (!isRunning()) {
            begin();
        }
    }

    private void begin() {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lives++;
        restart = null;
        life = Life.begin(part, yaml, environment, log(lives));
    }

    /** What else its next life is told. */
    public synchronized void setEnvironment(String name, @Nullable String value) {
        if (value == null) {
            environment.remove(name);
        } else {
            environment.put(name, value);
        }
    }

    /** Whether it is to run, or to be started again. */
    public synchronized boolean isWanted() {
        return wanted;
    }

    /**
     * kill -9; it is started again at once, unless it is {@link #hold held}.
     *
     * @return whether there was one
     */
    synchronized boolean kill() {
        boolean wasRunning = isRunning();
        if (wasRunning) {
            life().endIsOurs();
            life().process().killHard();
        }
        return wasRunning;
    }

    /** It has a reason to end with this code. */
    public synchronized void expectEnd(int code) {
        expected.put(code, 0);
    }

    /** It has none any more. */
    public synchronized void expectNoEnd(int code) {
        expected.remove(code);
    }

    /** It has none at all any more. */
    synchronized void expectNoEnd() {
        expected.clear();
    }

    /** Whether it has ended with this code since that was expected. */
    public synchronized boolean hasEndedAsExpected(int code) {
        return expected.getOrDefault(code, 0) > 0;
    }

    /** What ends stays so until {@link #release}. */
    public synchronized void hold() {
        held = true;
    }

    public synchronized void release() {
        held = false;
    }

    /**
     * SIGTERM, and no new start.
     *
     * @return the exit code, that of kill -9 where it took too long
     */
    public int stop() {
        Life last;
        synchronized (this) {
            wanted = false;
            if (!isRunning()) {
                return 0;
            }
            last = life();
            last.endIsOurs();
        }
        last.process().resume(); // one that is frozen would not hear it
        return last.process().stop(STOPPING);
    }

    /** Removes what a streams has kept; to be called while none runs. */
    public void deleteState() {
        try {
            if (Files.exists(stateDirectory())) {
                WorkDirectory.delete(stateDirectory());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks after it: to be called now and then. */
    synchronized void supervise() {
        if (hasEndedUnnoted()) {
            noteEnd();
        } else if (wanted && !held && !isRunning() && restart != null && restart.isPast()) {
            begin();
        }
    }

    private boolean hasEndedUnnoted() {
        return wanted && life != null && restart == null && !isRunning();
    }

    private void noteEnd() {
        int code = life().process().exitCode(REAPING);
        boolean isExpected = expected.computeIfPresent(code, (same, ends) -> ends + 1) != null;
        boolean isOurs = life().isOurEnd() || isExpected;
        ends.accept(new Ended(name() + " life " + lives, code, isOurs, life().lastWords()));
        restart = Deadline.in(BEFORE_RESTART);
        wanted = code != ExitCode.OPERATOR.code() && code != ExitCode.USAGE.code();
    }

    /** What its lives have printed since the last one that this told of, that one with them. */
    public synchronized String newLog() {
        StringBuilder text = new StringBuilder();
        for (int number = Math.max(1, told); number <= lives; number++) {
            try {
                text.append(Files.readString(log(number)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        told = lives;
        return text.toString();
    }

    private Path log(int number) {
        return directory.resolve("life-" + number + ".log");
    }

    /** The sum of a metric over its labels, since its life began. */
    public double metric(String name) {
        Optional<String> url = isRunning() ? life().url() : Optional.empty();
        return url.map(at -> Readiness.metric(at, name)).orElse(0.0);
    }

    /** Why it is not ready, by code. */
    public List<String> reasons() {
        Optional<String> url = isRunning() ? life().url() : Optional.empty();
        return url.map(Readiness::at).orElse(List.of(Readiness.NO_ANSWER));
    }
}
