package dev.freshet.runtime.config;

import java.util.regex.Pattern;

/** Tells by a key whether its value is to be kept to ourselves. */
final class SecretKeys {
    private static final Pattern SECRET = Pattern.compile(
            "(?i).*(password|passwd|passphrase|secret|token|credentials?|user\\.info|jaas\\.config|keystore\\.key)");

    private SecretKeys() {}

    static boolean matches(String key) {
        return SECRET.matcher(key).matches();
    }
}
