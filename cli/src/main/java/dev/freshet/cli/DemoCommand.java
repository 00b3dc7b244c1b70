package dev.freshet.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.freshet.cli.demo.Demo;
import dev.freshet.cli.demo.DemoOptions;
import dev.freshet.cli.demo.DemoOptions.ShopOptions;
import dev.freshet.cli.demo.Doors;
import dev.freshet.runtime.time.Time;

/** Runs the main job on embedded servers. */
@Command(
        name = "demo",
        description = {
            "Runs the whole of Freshet on embedded servers, with traffic, and shows what comes out.",
            "Starts PostgreSQL 17, Kafka and a schema registry on 127.0.0.1, runs ingest, streams, sink and serve on them, changes"
                    + " users and orders of a shop all the time, and shows once a second what becomes of it in"
                    + " user_features. Ctrl-C ends it and all that it started. The next start with the same --data-dir goes"
                    + " on where this one ended, also after kill -9. The logs are in DIR/logs."
        })
final class DemoCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int HIGHEST_PORT = 65_535;
    /** The servers, and five as `monitoring.port` asks for, of which the demo opens the first, and the second for lookups. */
    private static final int PORTS = DemoOptions.SERVER_PORTS + 5;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "freshet-data",
            description = "Where servers and streams keep their data (default: ./${DEFAULT-VALUE}).")
    private Path dataDirectory = Path.of("freshet-data");

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = DurationArgument.class,
            description =
                    "End after so long, as 30s or 5m: stop the traffic, wait until the table is complete, compare all of"
                            + " it with the truth, and exit with 0 only if nothing differs.")
    private @Nullable Duration duration;

    @Option(
            names = "--empty",
            description = "Leave the source tables empty, for you to change them: no shop and no traffic.")
    private boolean empty;

    @Option(
            names = "--info",
            paramLabel = "FILE",
            description = "Once all is ready, write to FILE, as JSON, how to reach it (jdbcUrl, user, password,"
                    + " bootstrapServers, schemaRegistryUrl, servingUrl, dataDir, pid), for programs and for --info of other commands."
                    + " Only you can read it, and it is removed when the demo ends.")
    private @Nullable Path info;

    @Option(
            names = "--port-base",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Listen on N (PostgreSQL), N+1 and N+2 (Kafka), N+3 (registry), N+4 (health and metrics), and N+5"
                            + " (lookups) instead of free ports.")
    private int portBase;

    @Option(
            names = "--users",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Users of a new shop, with ten orders each on average (default: ${DEFAULT-VALUE}).")
    private int users;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "Rows changed per second (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Of all that is random, to have the same shop and traffic again (default: a new one; it is printed).")
    private @Nullable Long seed;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        DemoOptions options = options();
        options.info().ifPresent(this::requireReplaceable);
        DataDirectory.prepare(options.dataDirectory(), empty).ifPresent(reason -> {
            throw new ParameterException(spec.commandLine(), reason);
        });
        LogOutput.toFile(options.dataDirectory().resolve("logs").resolve("freshet.log"));
        Demo demo = new Demo(options, spec.commandLine().getOut(), Terminal.columns(System.getenv()), Time.system());
        return OrderlyEnd.run(demo::run, demo::stop, PATIENCE);
    }

    /** What a demo that was killed left behind, is. */
    private void requireReplaceable(Path info) {
        Optional<Long> pid = Doors.pid(info);
        if (pid.isEmpty() && Files.exists(info)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--info " + info + " is there and no demo's: remove it, or choose another name");
        }
        if (pid.flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive).isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--info " + info + " is that of process " + pid.get()
                            + ", which runs: end that demo, or choose another name; if it is none, remove the file");
        }
    }

    private DemoOptions options() {
        check(portBase == 0 || (portBase > 1023 && portBase <= HIGHEST_PORT - PORTS + 1), "--port-base", portBase);
        check(users > 0 && users <= 10_000_000, "--users", users);
        check(rate > 0 && rate <= 100_000, "--rate", rate);
        long chosen = seed == null ? new SecureRandom().nextInt(1_000_000) : seed;
        return new DemoOptions(
                dataDirectory.toAbsolutePath().normalize(),
                Optional.ofNullable(duration),
                Optional.ofNullable(info).map(Path::toAbsolutePath),
                portBase,
                empty ? Optional.empty() : Optional.of(new ShopOptions(users, rate, chosen)));
    }

    private void check(boolean holds, String option, int value) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), option + " " + value + " is out of range");
        }
    }
}
