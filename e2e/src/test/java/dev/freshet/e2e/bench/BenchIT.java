package dev.freshet.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

import dev.freshet.e2e.process.JvmOptions;
import dev.freshet.testkit.process.ChildJvm;

/** The whole benchmark on a small shop: no figure is worth anything, but each is had, and the table is the truth behind it. */
class BenchIT {
    private static final Duration PATIENCE = Duration.ofMinutes(12);

    @Test
    void everyFigureCountsOnASmallShop() throws Exception {
        Path directory =
                Path.of("target", "bench-" + ProcessHandle.current().pid()).toAbsolutePath();
        try (ChildJvm bench = ChildJvm.running("dev.freshet.cli.Freshet")
                .jvmOptions(JvmOptions.deployed("-Xmx256m"))
                .arguments("bench", "--scale", "0.01", "--runs", "1", "--json", "--data-dir", directory.toString())
                .start()) {
            int exitCode = bench.exitCode(PATIENCE);
            assertThat(exitCode).as(bench.output()).isZero();
            List<String> lines = bench.output().lines().toList();
            JsonNode result = new ObjectMapper().readTree(lines.get(lines.size() - 1));
            JsonNode figures = result.path("figures");
            Set<String> names = FigureNames.ofThisMachine();
            assertThat(figures.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(names);
            for (Ratios ratio : Ratios.values()) {
                if (names.contains(ratio.figure())) {
                    assertThat(figures.path(ratio.figure()).asDouble())
                            .as("%s", ratio)
                            .isPositive();
                }
            }
            assertThat(figures.path("visibleUnderLoadMillisSamples").asInt()).isGreaterThanOrEqualTo(100);
            assertThat(result.path("machine").path("cores").asInt()).isPositive();
            assertThat(directory).doesNotExist();
        }
    }
}
