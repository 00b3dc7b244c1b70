package dev.freshet.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServingSettingsTest {
    private static ServingSettings settings(String host, @Nullable Path tokens) {
        return new ServingSettings(host, 6566, tokens, Duration.ofSeconds(10), Duration.ofSeconds(1), 8, 1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "2001:db8::1", "no-such-host.invalid"})
    void whatOthersCanReachNeedsTokens(String host) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> settings(host, null));

        assertThat(refused.faults()).extracting(Fault::key).containsExactly("serving.tokens.file");
        assertThat(settings(host, Path.of("tokens")).host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "localhost"})
    void onThisMachineAloneNobodyIsAskedForOne(String host) {
        assertThat(settings(host, null).tokensFile()).isNull();
    }
}
