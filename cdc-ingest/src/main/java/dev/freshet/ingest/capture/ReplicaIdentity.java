package dev.freshet.ingest.capture;

/** What the WAL holds of an order's old row, of the two identities that name its user. */
public enum ReplicaIdentity {
    /** All of it, with every UPDATE and DELETE. */
    FULL,
    /** The columns of a unique index over (id, user_id): with a DELETE, and with an UPDATE that changes one of them. */
    INDEX
}
