package dev.freshet.streams;

/** Names of nodes and stores. They are persisted state: a store's name is part of the name of its changelog topic. */
final class StreamsNames {
    static final String CHANGES = "changes";
    static final String ENGINE = "feature-engine";
    static final String FEATURES = "features";
    static final String DEAD_LETTERS = "dead-letters";

    static final String USERS_STORE = "users";
    static final String ORDERS_STORE = "orders";
    static final String TIMELINE_STORE = "timeline";
    static final String PROGRESS_STORE = "progress";

    private StreamsNames() {}
}
