package dev.freshet.serving.auth;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A token that nobody has yet.
 *
 * @param token 256 random bits; shown to whoever asks for it once, and kept nowhere
 * @param line for the file of tokens
 */
public record NewToken(String token, String line) {
    private static final int BYTES = 32;

    /** @param label of whoever gets it; may be empty */
    public static NewToken make(Scope scope, String label) {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        String hash = HexFormat.of().formatHex(Tokens.sha256(token));
        return new NewToken(token, (scope.text() + " " + hash + " " + label).strip());
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "NewToken[" + line + "]";
    }
}
