package dev.freshet.e2e.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

import dev.freshet.e2e.process.Patience;
import dev.freshet.runtime.time.Time;
import dev.freshet.testkit.servers.EmbeddedServers;

/** What all trials share: the servers, the options, and the patience. */
final class Bed {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final long ADMIN_SECONDS = 30;

    private final EmbeddedServers servers;
    private final BenchOptions options;
    private final Time time;
    private final Duration limit;
    private int trials;

    Bed(EmbeddedServers servers, BenchOptions options, Time time) {
        this(servers, options, time, LIMIT);
    }

    /** @param limit how long anything is waited for */
    Bed(EmbeddedServers servers, BenchOptions options, Time time, Duration limit) {
        this.servers = servers;
        this.options = options;
        this.time = time;
        this.limit = limit;
    }

    EmbeddedServers servers() {
        return servers;
    }

    BenchOptions options() {
        return options;
    }

    Time time() {
        return time;
    }

    Patience patience() {
        return new Patience(time, limit);
    }

    ShopSeed seed() {
        return new ShopSeed(servers.postgres(), options);
    }

    /** A copy of a shop with a deployment of its own, of which nothing runs yet. */
    Trial trial(String shop) throws SQLException, IOException {
        String name = "trial" + ++trials;
        Path directory = options.dataDirectory().resolve("trials").resolve(name);
        return Trial.of(this, name, seed().copy(shop, name), directory);
    }

    /** Topics of a trial that is over would be cleaned, and its transactions watched, for as long as the broker runs. */
    void deleteTopics(String prefix) {
        try (Admin admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers.kafka().bootstrapServers()))) {
            List<String> topics = admin.listTopics().names().get(ADMIN_SECONDS, TimeUnit.SECONDS).stream()
                    .filter(topic -> topic.startsWith(prefix + "."))
                    .toList();
            admin.deleteTopics(topics).all().get(ADMIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new MeasurementException("topics of " + prefix + " cannot be deleted: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted");
        }
    }
}
