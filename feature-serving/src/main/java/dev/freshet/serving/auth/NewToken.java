package dev.freshet.serving.auth;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.hash.Sha256;

/**
 * A token that nobody has yet.
 *
 * @param token 256 random bits; shown to whoever asks for it once, and kept nowhere
 * @param line for the file of tokens
 */
public record NewToken(String token, String line) {
    private static final int BYTES = 32;

    /** One that is good until its line is removed. */
    public static NewToken make(Scope scope, String label) {
        return make(scope, label, null);
    }

    /**
     * The same.
     *
     * @param label of whoever gets it; may be empty
     * @param expires from then on it is none; null for never
     */
    public static NewToken make(Scope scope, String label, @Nullable Instant expires) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        String hash = Sha256.of(token);
        String until = expires == null ? "" : " " + TokenLines.EXPIRES + expires;
        return new NewToken(token, (scope.text() + " " + hash + until + " " + label).strip());
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "NewToken[" + line + "]";
    }
}
