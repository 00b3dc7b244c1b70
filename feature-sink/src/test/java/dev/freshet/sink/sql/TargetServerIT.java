package dev.freshet.sink.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.runtime.check.Finding;
import dev.freshet.testkit.servers.PostgresServer;

/** Bad inputs, row 46: what only a server of another kind says of itself. */
class TargetServerIT {
    @TempDir
    Path directory;

    @Test
    void aStandbyIsFoundSo() throws Exception {
        try (PostgresServer server = PostgresServer.with(directory.resolve("postgres"), Map.of())) {
            server.start();
            server.stop();
            Files.createFile(directory.resolve("postgres/data/standby.signal"));
            server.start();
            try (Connection connection = server.database("postgres").connect()) {
                assertThat(TargetServer.select(connection).findings("public"))
                        .containsExactly(new Finding(
                                "The target is a standby, which nobody can write", "Set target.url to the primary."));
            }
        }
    }
}
