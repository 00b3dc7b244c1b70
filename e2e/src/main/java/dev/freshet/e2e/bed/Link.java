package dev.freshet.e2e.bed;

import java.util.Arrays;
import java.util.List;

/** All connections of a part, in every instance of it, to a server. */
public record Link(Part part, Peer peer) {

    public static List<Link> all() {
        return Arrays.stream(Part.values())
                .flatMap(part -> part.peers().stream().map(peer -> new Link(part, peer)))
                .toList();
    }

    @Override
    public String toString() {
        return part + "-" + peer;
    }
}
