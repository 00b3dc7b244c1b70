package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

import dev.freshet.runtime.config.InfoFile;
import dev.freshet.testkit.servers.EmbeddedServers;

/** {@code demo --empty --info FILE} in a process of its own, a connection to its database, and commands on it. */
final class EmptyDemo implements AutoCloseable {
    private final Path data;
    private final Path infoFile;
    private final DemoProcess process;
    private final Connection connection;

    private EmptyDemo(Path data, Path infoFile, DemoProcess process, Connection connection) {
        this.data = data;
        this.infoFile = infoFile;
        this.process = process;
        this.connection = connection;
    }

    static EmptyDemo start(Path directory) throws SQLException {
        Path data = directory.resolve("data");
        Path infoFile = directory.resolve("info.json");
        DemoProcess process = DemoProcess.start(data, "--empty", "--info", infoFile.toString());
        process.awaitOutput("ready", output -> Files.exists(infoFile));
        InfoFile info = InfoFile.read(infoFile);
        Connection connection = DriverManager.getConnection(
                info.database().url(),
                info.database().user(),
                info.database().password().reveal());
        return new EmptyDemo(data, infoFile, process, connection);
    }

    Path infoFile() {
        return infoFile;
    }

    DemoProcess process() {
        return process;
    }

    Connection connection() {
        return connection;
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Runs a command on it, which has to end with the code, and returns what it said. */
    String run(int code, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Freshet.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--info", infoFile.toString()));
        int exit = Freshet.execute(commandLine, all.toArray(String[]::new));
        assertThat(exit).as("%s%n%s%n%s", String.join(" ", arguments), out, err).isEqualTo(code);
        return code == 0 || !out.toString().isEmpty() ? out.toString() : err.toString();
    }

    /** The same with {@code --json}. */
    JsonNode json(int code, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        return new ObjectMapper().readTree(run(code, all.toArray(String[]::new)));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        process.close();
        new EmbeddedServers(data, 0).stopLeftBehind();
    }
}
