package dev.freshet.ingest;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import dev.freshet.ingest.log.FaultPoint;
import dev.freshet.ingest.log.FaultPoint.Place;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.ServiceRunner;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.RegistryClients;
import dev.freshet.schemas.change.Table;

/**
 * An ingest in a JVM of its own, which stands still at a place, at the n-th passing or when the snapshot has read n rows, says
 * so, and goes on when a file appears.
 */
final class IngestProcess {
    static final String STANDING = "STANDING STILL";

    private IngestProcess() {}

    /** Arguments: settings file, place, "passing" or "rows", n, file to wait for. */
    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(arguments[0]))) {
            properties.load(in);
        }
        Map<String, String> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        FreshetConfig config = FreshetConfig.of(settings);

        AtomicReference<IngestService> started = new AtomicReference<>();
        Place place = Place.valueOf(arguments[1]);
        long n = Long.parseLong(arguments[3]);
        Path release = Path.of(arguments[4]);
        FaultPoint fault = new FaultPoint() {
            private long passed;

            @Override
            public void reached(Place here) {
                if (here != place || passed < 0) {
                    return;
                }
                passed++;
                IngestProgress progress = started.get().progress();
                long count = arguments[2].equals("passing")
                        ? passed
                        : progress.snapshotRows(Table.USERS) + progress.snapshotRows(Table.ORDERS);
                if (count >= n) {
                    passed = -1;
                    standStill(release);
                }
            }
        };
        IngestService service = IngestService.withFaults(
                config, RegistryClients.open(config.registry().url(), Map.of()), fault, Time.system());
        started.set(service);
        System.exit(new ServiceRunner(List.of(service), Duration.ofSeconds(10))
                .run()
                .code());
    }

    private static void standStill(Path release) {
        System.out.println(STANDING);
        while (!Files.exists(release)) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
