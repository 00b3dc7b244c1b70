package dev.freshet.e2e.bed;

import java.util.Locale;

/** A server that processes talk to, by the role that it has for them. */
public enum Peer {
    SOURCE,
    TARGET,
    KAFKA,
    REGISTRY;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
