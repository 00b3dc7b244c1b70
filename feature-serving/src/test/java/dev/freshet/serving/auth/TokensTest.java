package dev.freshet.serving.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.runtime.config.ConfigException;

class TokensTest {
    /** {@code printf secret | sha256sum}. */
    private static final String SECRET = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

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

        assertThat(tokens.holder("secret")).contains(new Holder(Scope.ADMIN, "the team"));
        assertThat(tokens.holder("Secret")).isEmpty();
        assertThat(tokens.holder("")).isEmpty();
        assertThat(tokens.holder(SECRET)).isEmpty();
    }

    @Test
    void whoHasNoLabelIsCalledByTheLine() throws Exception {
        assertThat(tokens("\nread " + SECRET).holder("secret")).contains(new Holder(Scope.READ, "line 2"));
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

        assertThat(tokens(one.line() + "\n").holder(one.token())).contains(new Holder(Scope.READ, "recommender"));
        assertThat(one.token()).hasSize(43).isNotEqualTo(other.token());
        assertThat(one.toString()).doesNotContain(one.token());
        assertThat(one.line()).doesNotContain(one.token());
    }

    @Test
    void administratorsMayReadAndReadersMayNotAdministrate() {
        assertThat(Scope.ADMIN.includes(Scope.READ)).isTrue();
        assertThat(Scope.READ.includes(Scope.ADMIN)).isFalse();
        assertThat(Scope.of("ADMIN")).isEmpty();
    }
}
