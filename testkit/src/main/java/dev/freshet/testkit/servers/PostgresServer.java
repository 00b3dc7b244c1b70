package dev.freshet.testkit.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

import dev.freshet.testkit.process.OsProcess;
import dev.freshet.testkit.process.OwnSession;

/**
 * PostgreSQL 17 with logical decoding, and as durable as in production: fsync and synchronous_commit are on. Listens on
 * 127.0.0.1 only, asks for a password, and runs as any user, root too.
 */
public final class PostgresServer extends ServerProcess implements DatabaseServer {
    private static final String USER = "postgres";

    private final int port;
    private final Path data;
    private final PostgresPassword password;
    private final @Nullable ServerCertificate certificate;
    private final Map<String, String> more;

    /** A server with its data in this directory. Port 0 takes a free one, and keeps it over restarts of this object. */
    public PostgresServer(Path directory, int port) {
        this(directory, port, null, Map.of());
    }

    private PostgresServer(
            Path directory, int port, @Nullable ServerCertificate certificate, Map<String, String> more) {
        super("postgres", directory);
        this.port = Loopback.portOrFree(port);
        this.certificate = certificate;
        this.more = Map.copyOf(more);
        this.data = directory().resolve("data");
        this.password = new PostgresPassword(directory().resolve("password"));
    }

    /** One that offers TLS. */
    public static PostgresServer secured(Path directory, ServerCertificate certificate) {
        return new PostgresServer(directory, 0, certificate, Map.of());
    }

    /** One with these settings on top of those of any, or in their place. */
    public static PostgresServer with(Path directory, Map<String, String> settings) {
        return new PostgresServer(directory, 0, null, settings);
    }

    public int port() {
        return port;
    }

    public String user() {
        return USER;
    }

    /** Random, made at the first start and kept in a file that only its owner can read. */
    public String password() {
        return password.value();
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + Loopback.HOST + ":" + port + "/" + database;
    }

    /** Where its data are. */
    public Path data() {
        return data;
    }

    /** Copies all of its data, which a server that is stopped has on disk, to a directory that is not there. */
    public void backUp(Path to) {
        requireStopped();
        try {
            Directories.copy(data, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has a copy of the backup in the place of its data, while it is stopped. */
    public void restore(Path from) {
        requireStopped();
        try {
            Directories.delete(data);
            Directories.copy(from, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireStopped() {
        if (isRunning()) {
            throw new IllegalStateException("the server runs, and writes its data");
        }
    }

    @Override
    public Database database(String name) {
        return new Database(name, jdbcUrl(name), USER, password());
    }

    @Override
    void prepare() throws IOException {
        if (!Files.exists(data)) {
            password.create();
            initialize();
        }
        deletePidFileOfAnotherProgram();
    }

    /** PostgreSQL does not start while the process its old pid file names is alive, be it another program with that id by now. */
    private void deletePidFileOfAnotherProgram() throws IOException {
        Path file = data.resolve("postmaster.pid");
        if (Files.exists(file)) {
            String pid = Files.readString(file).lines().findFirst().orElse("").strip();
            // No server of ours runs here any more, start() has seen to that.
            if (pid.matches("\\d+") && OsProcess.of(Long.parseLong(pid)).isPresent()) {
                Files.delete(file);
            }
        }
    }

    /** Into another directory first: a run killed in the middle must not leave half a cluster under the final name. */
    private void initialize() throws IOException {
        Path fresh = directory().resolve("data.new");
        Directories.delete(fresh);
        Path output = directory().resolve("initdb.log");
        List<String> command = asPostgresUser("initdb");
        command.addAll(
                List.of("-D", fresh.toString(), "-U", USER, "-A", "scram-sha-256", "--pwfile=" + password.file()));
        command.addAll(List.of("-E", "UTF8", "--locale=C"));
        try {
            Process initdb = OwnSession.start(command, Map.of(), output, null);
            if (initdb.waitFor() != 0) {
                throw new ServerStartException("initdb failed:\n" + Files.readString(output), null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during initdb", e);
        }
        Files.move(fresh, data);
    }

    @Override
    OsProcess launch(Path logFile) throws IOException {
        List<String> command = asPostgresUser("postgres");
        command.addAll(List.of("-D", data.toString(), "--" + mark()));
        settings().forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        Process process = OwnSession.start(command, Map.of("TZ", "UTC"), logFile, directory());
        return OsProcess.of(process.pid()).orElseThrow(() -> new IOException("postgres ended at once, see " + logFile));
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>(settingsOfAnyServer());
        settings.put("port", Integer.toString(port));
        settings.put("listen_addresses", Loopback.HOST);
        settings.put("unix_socket_directories", "");
        if (certificate != null) {
            settings.put("ssl", "on");
            settings.put("ssl_cert_file", certificate.certificate().toString());
            settings.put("ssl_key_file", certificate.key().toString());
        }
        settings.putAll(more);
        return settings;
    }

    /** What a server has wherever it runs. */
    static Map<String, String> settingsOfAnyServer() {
        return Map.of(
                "max_connections", "200",
                "wal_level", "logical",
                "max_wal_senders", "16",
                "max_replication_slots", "64",
                "max_prepared_transactions", "8",
                "fsync", "on",
                "synchronous_commit", "on",
                "timezone", "UTC",
                "log_timezone", "UTC");
    }

    @Override
    boolean isReady() {
        Properties login = new Properties();
        login.setProperty("user", USER);
        login.setProperty("password", password());
        login.setProperty("connectTimeout", "2");
        login.setProperty("loginTimeout", "5");
        try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), login)) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    /** A fast shutdown: clients are disconnected, not waited for. */
    @Override
    String stopSignal() {
        return "INT";
    }

    /** PostgreSQL refuses to run as root; in a user namespace without mappings it is nobody, and still owns root's files. */
    private static List<String> asPostgresUser(String program) throws IOException {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(PostgresBinaries.home().resolve("bin").resolve(program).toString());
        return command;
    }
}
