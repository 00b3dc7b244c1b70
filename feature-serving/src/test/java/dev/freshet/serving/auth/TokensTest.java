package dev.freshet.serving.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.runtime.config.ConfigException;

class TokensTest {
    /** {@code printf secret | sha256sum}. */
    private static final String SECRET = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    Path directory;

    private Tokens tokens(String text) throws IOException {
        Path file = directory.resolve("tokens");
        Files.writeString(file, text);
        return TokenFile.read(file);
    }

    @Test
    void aTokenIsKnownByItsHash() throws Exception {
        Tokens tokens = tokens("# ours\n\nadmin\t" + SECRET.toUpperCase(Locale.ROOT) + "  the team \r\n");

        assertThat(tokens.holder("secret", NOW)).contains(new Holder(Scope.ADMIN, "the team"));
        assertThat(tokens.holder("secret", Instant.MAX)).isPresent();
        assertThat(tokens.holder("Secret", NOW)).isEmpty();
        assertThat(tokens.holder("", NOW)).isEmpty();
        assertThat(tokens.holder(SECRET, NOW)).isEmpty();
    }

    @Test
    void whoHasNoLabelIsCalledByTheLine() throws Exception {
        assertThat(tokens("\nread " + SECRET).holder("secret", NOW)).contains(new Holder(Scope.READ, "line 2"));
        assertThat(tokens("read " + SECRET + " expires=2030-01-01T00:00:00Z").holder("secret", NOW))
                .contains(new Holder(Scope.READ, "line 1"));
    }

    @Test
    void fromItsExpiryOnATokenIsNone() throws Exception {
        Tokens tokens = tokens("read " + SECRET + "  expires=2026-11-21T12:00:00Z\ta trial");

        assertThat(tokens.holder("secret", NOW.minusNanos(1))).contains(new Holder(Scope.READ, "a trial"));
        assertThat(tokens.holder("secret", NOW)).isEmpty();
        assertThat(tokens.holder("secret", NOW.plusSeconds(1))).isEmpty();
    }

    /** As a label it would do no more than to look as if the token expired. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "expires=",
                "expires=tomorrow",
                "expires=2026-11-21",
                "expires=2026-11-21T12:00:00",
                "expires= 2026-11-21T12:00:00Z",
                "expires: 2026-11-21T12:00:00Z",
                "Expires=2026-11-21T12:00:00Z",
                "expire=2026-11-21T12:00:00Z",
                "expires=2026-11-21T12:00:00Z expires=2027-11-21T12:00:00Z",
                "recommender expires=2026-11-21T12:00:00Z",
                "recommender\tExpires : 2026-11-21T12:00:00Z"
            })
    void anExpiryThatIsNoneIsNotTakenForALabel(String rest) {
        assertThatThrownBy(() -> tokens("read " + SECRET + " " + rest))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("line 1: has an expiry that is none")
                .message()
                .doesNotContain("2026", "tomorrow", SECRET);
    }

    @Test
    void aTokenThatIsThereTwiceIsRefused() {
        assertThatThrownBy(() -> tokens(
                        "read " + SECRET + " expires=2026-11-21T12:00:00Z\nadmin " + SECRET.toUpperCase(Locale.ROOT)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("line 2: has the same token as a line above");
    }

    @Test
    void allThatIsWrongIsToldByLineAndNothingOfItIsShown() {
        assertThatThrownBy(() -> tokens("read " + SECRET + "\nreader " + SECRET + "\nread plain-token\nadmin\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("line 2: begins with no scope: write read or admin")
                .hasMessageContaining("line 3: has no SHA-256 in hex")
                .hasMessageContaining("line 4: has no SHA-256 in hex")
                .message()
                .doesNotContain("plain-token", SECRET, "line 1");
    }

    @Test
    void aFileThatIsNotThereOrHasNoTokenIsRefused() {
        assertThatThrownBy(() -> TokenFile.read(directory.resolve("none")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("serving.tokens.file = '")
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() -> tokens("# nobody\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("has no token in it");
    }

    @Test
    void aNewTokenIsKnownByTheLineThatIsMadeWithIt() throws Exception {
        NewToken one = NewToken.make(Scope.READ, "recommender");
        NewToken other = NewToken.make(Scope.READ, "");

        assertThat(tokens(one.line() + "\n").holder(one.token(), NOW)).contains(new Holder(Scope.READ, "recommender"));
        assertThat(one.token()).hasSize(43).isNotEqualTo(other.token());
        assertThat(one.toString()).doesNotContain(one.token());
        assertThat(one.line()).doesNotContain(one.token());
    }

    @Test
    void aNewTokenExpiresWhenItIsToldTo() throws Exception {
        NewToken one = NewToken.make(Scope.READ, "a trial", NOW);

        assertThat(tokens(one.line()).holder(one.token(), NOW.minusNanos(1)))
                .contains(new Holder(Scope.READ, "a trial"));
        assertThat(tokens(one.line()).holder(one.token(), NOW)).isEmpty();
    }

    @Test
    void administratorsMayReadAndReadersMayNotAdministrate() {
        assertThat(Scope.ADMIN.includes(Scope.READ)).isTrue();
        assertThat(Scope.READ.includes(Scope.ADMIN)).isFalse();
        assertThat(Scope.of("ADMIN")).isEmpty();
    }
}
