package dev.freshet.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.DatabaseLogin;
import dev.freshet.runtime.config.InfoFile;
import dev.freshet.runtime.config.Secret;
import dev.freshet.testkit.servers.Database;
import dev.freshet.testkit.servers.EmbeddedServers;

/** How others get at a running demo. */
public final class Doors {
    /** The key of the info file under which it stands where lookups are answered. */
    static final String SERVING = "servingUrl";

    private static final String SERVICE = "freshet";
    private static final String PID = "pid";

    private final InfoFile info;

    private Doors(InfoFile info) {
        this.info = info;
    }

    static Doors of(EmbeddedServers servers, Database shop, Path dataDirectory) {
        return new Doors(new InfoFile(
                new DatabaseLogin(shop.jdbcUrl(), shop.user(), new Secret(shop.password())),
                servers.kafka().bootstrapServers(),
                servers.registry().url(),
                dataDirectory,
                Map.of(PID, ProcessHandle.current().pid())));
    }

    /** The same, now that lookups are answered there. */
    Doors serving(String url) {
        Map<String, Object> more = new HashMap<>(info.more());
        more.put(SERVING, url);
        return new Doors(
                new InfoFile(info.database(), info.bootstrapServers(), info.schemaRegistryUrl(), info.dataDir(), more));
    }

    /** Whether the demo that wrote the file is this process's. */
    static boolean isOfThisProcess(Path info) {
        return pid(info).filter(pid -> pid == ProcessHandle.current().pid()).isPresent();
    }

    /** The process of the demo that wrote the file; empty if there is no file, or none of a demo. */
    public static Optional<Long> pid(Path info) {
        if (Files.notExists(info)) {
            return Optional.empty();
        }
        try {
            return InfoFile.read(info).more().get(PID) instanceof Number pid
                    ? Optional.of(pid.longValue())
                    : Optional.empty();
        } catch (ConfigException e) {
            return Optional.empty();
        }
    }

    InfoFile info() {
        return info;
    }

    /**
     * The command that starts psql here. The password is in a file for libpq that only its owner can read, not on the
     * command line, where everybody on the machine could.
     */
    String psql() throws IOException {
        Path file = info.dataDir().resolve("pg_service.conf");
        DatabaseLogin login = info.database();
        List<String> lines = List.of(
                "[" + SERVICE + "]",
                "host=" + login.host(),
                "port=" + login.port(),
                "dbname=" + login.database(),
                "user=" + login.user(),
                "password=" + login.password().reveal());
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, lines);
        return "PGSERVICEFILE='" + file.toString().replace("'", "'\\''") + "' psql service=" + SERVICE;
    }
}
