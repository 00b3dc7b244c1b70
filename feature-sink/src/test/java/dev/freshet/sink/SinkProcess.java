package dev.freshet.sink;

import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.ServiceRunner;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.avro.RegistryClients;

/** A sink as a process that ends as if by kill -9 at a moment of one of its writes. */
final class SinkProcess {
    private static final int KILLED = 137;

    private SinkProcess() {}

    /** Arguments: a file of settings, the moment's name, and of which write. */
    public static void main(String[] arguments) throws Exception {
        Properties file = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(arguments[0]))) {
            file.load(in);
        }
        Map<String, String> settings = new HashMap<>();
        file.stringPropertyNames().forEach(key -> settings.put(key, file.getProperty(key)));
        FreshetConfig config = FreshetConfig.of(settings);
        SinkService sink = new SinkService(
                config,
                Time.system(),
                RegistryClients.open(config.registry().url(), Map.of()),
                new Killed(arguments[1], Integer.parseInt(arguments[2])));
        System.exit(
                new ServiceRunner(List.of(sink), Duration.ofSeconds(10)).run().code());
    }

    private record Killed(String moment, AtomicInteger left) implements WriteHooks {
        Killed(String moment, int ofWrite) {
            this(moment, new AtomicInteger(ofWrite));
        }

        @Override
        public void beforeCommit() {
            endIfDue("beforeCommit");
        }

        @Override
        public void afterCommit() {
            endIfDue("afterCommit");
        }

        private void endIfDue(String now) {
            if (now.equals(moment) && left.decrementAndGet() == 0) {
                Runtime.getRuntime().halt(KILLED);
            }
        }
    }
}
