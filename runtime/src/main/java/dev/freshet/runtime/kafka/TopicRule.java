package dev.freshet.runtime.kafka;

import java.util.Optional;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What a topic's configuration has to be.
 *
 * @param orMore a greater number is right as well
 */
public record TopicRule(String key, String value, boolean orMore) {
    static TopicRule exactly(String key, String value) {
        return new TopicRule(key, value, false);
    }

    static TopicRule atLeast(String key, long value) {
        return new TopicRule(key, Long.toString(value), true);
    }

    /** Whether it is as an erasure of a user has it for some seconds, and nobody else: tombstones are not kept at all. */
    boolean isAltered(String actual) {
        return key.equals(TopicConfig.DELETE_RETENTION_MS_CONFIG) && actual.equals("0");
    }

    /** What is wrong with the value that the topic has; empty if nothing is. */
    Optional<String> difference(String actual) {
        if (actual.equals(value) || (orMore && Long.parseLong(actual) >= Long.parseLong(value))) {
            return Optional.empty();
        }
        return Optional.of(key + " is " + actual + ", and has to be " + value + (orMore ? " or more" : ""));
    }
}
