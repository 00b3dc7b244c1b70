package dev.freshet.ops.erase;

import java.util.List;

/**
 * What there is of a user, place by place, each read from its beginning.
 *
 * @param places topics and tables
 */
public record Proof(List<Place> places) {

    /**
     * @param name what it is, and its name
     * @param read how many entries or rows it has
     * @param found how many of them are the user's
     */
    public record Place(String name, long read, long found) {}

    public Proof {
        places = List.copyOf(places);
    }

    /** How many are the user's, of all places. */
    public long found() {
        return places.stream().mapToLong(Place::found).sum();
    }
}
