package dev.freshet.e2e.bed;

import java.util.List;
import java.util.Locale;

/** What runs in a process of its own. */
public enum Part {
    INGEST,
    STREAMS,
    SINK;

    /** What it talks to. */
    public List<Peer> peers() {
        return this == INGEST
                ? List.of(Peer.SOURCE, Peer.TARGET, Peer.KAFKA, Peer.REGISTRY)
                : List.of(Peer.TARGET, Peer.KAFKA, Peer.REGISTRY);
    }

    /** Its subcommand. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
