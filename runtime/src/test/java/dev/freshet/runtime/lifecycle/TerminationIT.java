package dev.freshet.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.testkit.process.ChildJvm;

class TerminationIT {
    @TempDir
    Path directory;

    @Test
    void aSignalClosesTheServicesBeforeTheProcessEnds() {
        try (ChildJvm process = ChildJvm.running(TerminatedProcess.class)
                .output(directory.resolve("output"))
                .start()) {
            Awaitility.await("the service to start")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> process.output().contains("started"));
            int code = process.stop(Duration.ofSeconds(30));
            assertThat(process.output()).contains("closed");
            // 128 + SIGTERM: what every program answers that ends because it was asked to by a signal.
            assertThat(code).isEqualTo(143);
        }
    }
}
