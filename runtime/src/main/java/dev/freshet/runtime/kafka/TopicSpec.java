package dev.freshet.runtime.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A topic as it has to be.
 *
 * @param rules what a promise rests on: set when it is created, checked when it exists
 * @param initial set when it is created; the operator may change it later
 */
public record TopicSpec(
        String name, int partitions, short replicationFactor, List<TopicRule> rules, Map<String, String> initial) {
    public TopicSpec {
        rules = List.copyOf(rules);
        initial = Map.copyOf(initial);
    }

    Map<String, String> configuration() {
        Map<String, String> configuration = new HashMap<>(initial);
        rules.forEach(rule -> configuration.put(rule.key(), rule.value()));
        return configuration;
    }
}
