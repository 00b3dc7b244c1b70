package dev.freshet.testkit.servers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

import dev.freshet.testkit.process.ChildJvm;
import dev.freshet.testkit.process.OsProcess;

/**
 * An Apicurio registry that speaks Confluent's API, on 127.0.0.1 only. Its schemas are in a PostgreSQL database: a schema id that
 * was given out is still that schema after kill -9. (Its H2 file store writes behind by up to a second, and would give the id out again.)
 */
public final class RegistryServer extends ServerProcess implements SchemaRegistry {
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    private final int port;
    private final PostgresServer postgres;
    private final String database;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PROBE_TIMEOUT)
            .build();

    /**
     * A registry that keeps its schemas in a database of this server, which is created and has to run before this is started.
     * Port 0 takes a free one, and keeps it over restarts of this object.
     */
    public RegistryServer(Path directory, int port, PostgresServer postgres, String database) {
        super("registry", directory);
        this.port = Loopback.portOrFree(port);
        this.postgres = postgres;
        this.database = database;
    }

    public int port() {
        return port;
    }

    @Override
    public String url() {
        return "http://" + Loopback.HOST + ":" + port + "/apis/ccompat/v7";
    }

    @Override
    void prepare() {
        postgres.createDatabase(database);
    }

    @Override
    OsProcess launch(Path logFile) throws IOException {
        return ChildJvm.runningJar(RegistryBinaries.jar())
                .jvmOptions("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-D" + mark())
                .jvmOptions("-Dquarkus.http.host=" + Loopback.HOST, "-Dquarkus.http.port=" + port)
                .jvmOptions("-Djava.io.tmpdir=" + directory())
                .environment("APICURIO_STORAGE_KIND", "sql")
                .environment("APICURIO_STORAGE_SQL_KIND", "postgresql")
                .environment("APICURIO_DATASOURCE_URL", postgres.jdbcUrl(database))
                .environment("APICURIO_DATASOURCE_USERNAME", postgres.user())
                .environment("APICURIO_DATASOURCE_PASSWORD", postgres.password())
                .environment("APICURIO_DATASOURCE_JDBC_INITIAL_SIZE", "1")
                .environment("APICURIO_DATASOURCE_JDBC_MIN_SIZE", "1")
                .environment("APICURIO_DATASOURCE_JDBC_MAX_SIZE", "5")
                // A connection that PostgreSQL's restart has broken is found before it is used.
                .environment("QUARKUS_DATASOURCE_POSTGRESQL_JDBC_VALIDATE_ON_BORROW", "true")
                .directory(directory())
                .output(logFile)
                .start()
                .process();
    }

    @Override
    boolean isReady() {
        HttpRequest probe = HttpRequest.newBuilder(URI.create(url() + "/subjects"))
                .timeout(PROBE_TIMEOUT)
                .build();
        try {
            return http.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the registry starts", e);
        }
    }

    @Override
    String stopSignal() {
        return "TERM";
    }
}
