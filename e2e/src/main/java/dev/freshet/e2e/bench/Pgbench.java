package dev.freshet.e2e.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.freshet.testkit.servers.Database;

/**
 * PostgreSQL's own benchmark, as the measure of what a lookup costs the server.
 *
 * @param program where it is
 */
record Pgbench(Path program) {
    private static final String NAME = "pgbench";
    private static final Pattern SPEED = Pattern.compile("(?m)^tps = ([0-9.]+) ");
    /** Of a line of the log: client, transaction, microseconds, ... */
    private static final int MICROS = 2;

    /**
     * @param perSecond transactions
     * @param millis how long each of them took
     */
    record Result(double perSecond, List<Double> millis) {}

    /** That of the search path; empty where it is not installed. */
    static Optional<Pgbench> ofThisMachine() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(directory -> Path.of(directory, NAME))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Pgbench::new);
    }

    /** Runs scripts at random with prepared statements, without pauses. */
    Result run(Database database, List<String> scripts, int clients, Duration window, Path directory)
            throws IOException, InterruptedException {
        Path logs = Files.createTempDirectory(directory, NAME);
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--no-vacuum",
                "--protocol=prepared",
                "--client=" + clients,
                "--jobs=" + Math.min(clients, 2),
                "--time=" + Math.max(1, window.toSeconds()),
                "--log",
                "--log-prefix=" + logs.resolve("log")));
        for (String script : scripts) {
            Path file = logs.resolve("script" + command.size() + ".sql");
            command.add("--file=" + Files.writeString(file, script));
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(connection(database));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher speed = SPEED.matcher(output);
        if (process.waitFor() != 0 || !speed.find()) {
            throw new MeasurementException(NAME + " has failed: " + output);
        }
        return new Result(Double.parseDouble(speed.group(1)), millis(logs));
    }

    /** By libpq's variables, as no argument shows a password. */
    private static Map<String, String> connection(Database database) {
        Matcher url =
                Pattern.compile("jdbc:postgresql://([^:/]+):(\\d+)/([^?]+).*").matcher(database.jdbcUrl());
        if (!url.matches()) {
            throw new MeasurementException("no host and port in the URL of the database");
        }
        return Map.of(
                "PGHOST", url.group(1),
                "PGPORT", url.group(2),
                "PGDATABASE", url.group(3),
                "PGUSER", database.user(),
                "PGPASSWORD", database.password());
    }

    private static List<Double> millis(Path logs) throws IOException {
        List<Double> millis = new ArrayList<>();
        try (Stream<Path> files = Files.list(logs)) {
            for (Path log : files.filter(file -> file.getFileName().toString().startsWith("log"))
                    .toList()) {
                try (Stream<String> lines = Files.lines(log)) {
                    lines.forEach(line -> millis.add(Long.parseLong(line.split(" ")[MICROS]) / 1e3));
                }
            }
        }
        return millis;
    }
}
