package dev.freshet.serving.auth;

import java.util.Locale;
import java.util.Optional;

/** What a token allows. */
public enum Scope {
    /** Lookups. */
    READ,
    /** Also the rows behind a value. */
    ADMIN;

    /** Whether who has this scope may do what that one allows. */
    public boolean includes(Scope other) {
        return compareTo(other) >= 0;
    }

    /** As it is written in a file of tokens. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Empty if no scope is written so. */
    public static Optional<Scope> of(String text) {
        for (Scope scope : values()) {
            if (scope.text().equals(text)) {
                return Optional.of(scope);
            }
        }
        return Optional.empty();
    }
}
