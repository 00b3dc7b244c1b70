package dev.freshet.testkit.servers;

/** A schema registry that speaks Confluent's API. */
public interface SchemaRegistry {
    /** The base URL of the Confluent API: what schema.registry.url is to be. */
    String url();
}
