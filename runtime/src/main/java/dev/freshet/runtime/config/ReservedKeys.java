package dev.freshet.runtime.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Keys of a library that are not the operator's to set, each with the promise that it would break. */
final class ReservedKeys {
    private final Map<String, String> reasons = new LinkedHashMap<>();
    private final Map<String, String> reasonsOfBeginnings = new LinkedHashMap<>();

    /** @param keys in full, or their beginning and a star */
    ReservedKeys because(String reason, String... keys) {
        for (String key : keys) {
            if (key.endsWith("*")) {
                reasonsOfBeginnings.put(key.substring(0, key.length() - 1), reason);
            } else {
                reasons.put(key, reason);
            }
        }
        return this;
    }

    /** Why this one may not be set; empty if it may. */
    Optional<String> reason(String key) {
        String reason = reasons.get(key);
        if (reason != null) {
            return Optional.of(reason);
        }
        return reasonsOfBeginnings.entrySet().stream()
                .filter(entry -> key.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** A fault for each that may not be set. */
    void check(Faults faults, String section, Map<String, String> properties) {
        properties.forEach((key, value) ->
                reason(key).ifPresent(reason -> faults.add(section + "." + key, value, "remove it: " + reason)));
    }
}
