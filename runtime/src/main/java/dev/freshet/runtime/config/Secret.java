package dev.freshet.runtime.config;

import java.util.Objects;

/** A text that is never printed. */
public final class Secret {
    public static final Secret NONE = new Secret("");

    private final String text;

    public Secret(String text) {
        this.text = text;
    }

    /** The text itself: not for logs, messages or command lines. */
    public String reveal() {
        return text;
    }

    public boolean isPresent() {
        return !text.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.text.equals(text);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(text);
    }

    @Override
    public String toString() {
        return isPresent() ? "****" : "none";
    }
}
