package dev.freshet.cli;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.process.ChildJvmBuilder;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.SharedServers;

/** {@code freshet export} in processes of their own, all of the same labels and of a shop that does not change. */
final class ExportProcess {
    private static final int USERS = 500;
    private static final int LABELS = 60_000;

    private final Path directory;
    private final Database database;

    /** @param directory of the test: the exports have directories in it for their output, and for what is temporary */
    ExportProcess(Path directory) throws SQLException, IOException {
        this.directory = directory;
        database = SharedServers.get().newDatabase();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE users (id bigint PRIMARY KEY)");
            statement.execute(
                    "CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, total numeric NOT NULL,"
                            + " created_at timestamptz)");
            statement.execute("INSERT INTO users SELECT generate_series(1, " + USERS + ")");
            statement.execute(
                    "INSERT INTO orders SELECT n, 1 + n % " + USERS + ", n % 1000 * 0.01,"
                            + " '2024-01-01T00:00:00Z'::timestamptz + n * interval '3 minutes' FROM generate_series(1, 50000) AS n");
        }
        Files.createDirectory(out());
        Files.createDirectory(temporary());
        Files.writeString(
                labels(),
                IntStream.range(0, LABELS)
                        .mapToObj(i ->
                                (1 + i % USERS) + ",2024-0" + (1 + i % 4) + "-1" + i % 10 + "T12:00:00Z," + i + "\n")
                        .collect(joining("", "user_id,label_time,y\n", "")));
        String config = Stream.of("source", "target")
                .map(side -> "%s: {url: \"%s\", user: \"%s\", password: \"%s\"}\n"
                        .formatted(side, database.jdbcUrl(), database.user(), database.password()))
                .collect(joining());
        Files.createFile(config(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                config(), config + "kafka.bootstrap.servers: localhost:1\nschema.registry.url: http://localhost:1\n");
    }

    Connection connect() throws SQLException {
        return database.connect();
    }

    private Path config() {
        return directory.resolve("freshet.yaml");
    }

    Path labels() {
        return directory.resolve("labels.csv");
    }

    /** Where the outputs are. */
    Path out() {
        return directory.resolve("out");
    }

    Path temporary() {
        return directory.resolve("temporary");
    }

    /** An export of the labels into a file of that name; run in the test's directory. */
    ChildJvmBuilder to(String name, String... options) throws IOException {
        return ChildJvm.running(Freshet.class)
                .jvmOptions(
                        "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporary())
                .arguments("export", "--config", "freshet.yaml", "--labels", "labels.csv", "--out", "out/" + name)
                .arguments(options)
                .directory(directory)
                .output(Files.createTempFile(directory, "said-", ""));
    }

    /** The names of what is in a directory. */
    static List<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whether an export that is under way has such a file.
     *
     * @param before what was there before it began: one that was killed leaves its directory
     */
    boolean hasAtWork(String name, List<String> before) {
        return names(out()).stream()
                .filter(one -> one.startsWith(".freshet-export-") && !before.contains(one))
                .anyMatch(one -> Files.exists(out().resolve(one).resolve(name)));
    }
}
