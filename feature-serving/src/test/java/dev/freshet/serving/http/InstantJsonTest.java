package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InstantJsonTest {
    private static final long SEED = 20_261_123;
    private static final int TIMES = 100_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22T10:11:12Z",
                "2026-11-22T10:11:12.100Z",
                "2026-11-22T10:11:12.000001Z",
                "2026-11-22T10:11:12.123456789Z",
                "1969-12-31T23:59:59.999999Z",
                "0000-01-01T00:00:00Z",
                "-0001-12-31T23:59:59.999999Z",
                "9999-12-31T23:59:59.999999Z",
                "+10000-01-01T00:00:00Z"
            })
    void anInstantIsWrittenAsJavaWritesIt(String text) {
        assertThat(written(Instant.parse(text))).isEqualTo('"' + text + '"');
    }

    @Test
    void anyMicrosecondIsWrittenAsJavaWritesIt() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < TIMES; i++) {
            Instant time = Instant.ofEpochSecond(random.nextLong(-80_000_000_000L, 300_000_000_000L))
                    .plusNanos(random.nextInt(1_000_000) * 1_000L);
            assertThat(written(time)).as("seed %s", SEED).isEqualTo("\"" + time + '"');
        }
    }

    @Test
    void noInstantIsNull() {
        assertThat(written(null)).isEqualTo("null");
    }

    private static String written(@Nullable Instant time) {
        return new String(Json.bytes(json -> InstantJson.write(json, time)), StandardCharsets.UTF_8);
    }
}
