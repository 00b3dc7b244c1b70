package dev.freshet.sink.sql;

import java.util.List;

import dev.freshet.sink.sql.Poll.Broken;

/** Where entries go that cannot be used. */
public interface DeadLetters {
    /** Returns when they are safe. They may be sent again: the transaction they belong to has yet to commit. */
    void send(List<Broken> letters);
}
