package dev.freshet.streams.core;

import dev.freshet.schemas.Id;

/** A user's orders, in one of two forms: in the header while they are few, in stores of their own when they are many. */
sealed interface History permits InlineHistory, SpilledHistory {

    /** Adds an order, or replaces the one of the same id. */
    void put(Order order);

    /** Takes an order out; nothing happens if it is not there. */
    void remove(Id order);

    boolean isEmpty();

    /**
     * The features at {@code t}, which never falls from call to call; later calls may rely on {@code t} having passed.
     */
    Evaluation at(long t);

    /** The smallest instant after {@code t} at which time alone changes the features. */
    long nextEdge(long t);

    /** The header's part, which the constructor with a {@link ByteReader} reads. */
    void write(ByteWriter out);
}
