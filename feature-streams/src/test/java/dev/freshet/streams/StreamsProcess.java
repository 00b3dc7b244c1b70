package dev.freshet.streams;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.ServiceRunner;
import dev.freshet.runtime.time.Time;

/** The service in a JVM of its own, for tests that kill it. */
final class StreamsProcess {
    private StreamsProcess() {}

    public static void main(String[] args) {
        StreamsService service = StreamsService.of(FreshetConfig.load(Path.of(args[0])), Time.system());
        System.exit(new ServiceRunner(List.of(service), Duration.ofSeconds(20))
                .run()
                .code());
    }
}
