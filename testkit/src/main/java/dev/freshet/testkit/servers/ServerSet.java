package dev.freshet.testkit.servers;

/** PostgreSQL, Kafka and the registry that tests share, wherever they run. */
interface ServerSet {
    DatabaseServer postgres();

    Broker kafka();

    SchemaRegistry registry();

    /** Stops them and deletes what they kept. */
    void remove();
}
