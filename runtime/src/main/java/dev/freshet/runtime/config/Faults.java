package dev.freshet.runtime.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong; of several faults of one key the first counts, for the others follow from it. */
final class Faults {
    private final Map<String, Fault> faults = new LinkedHashMap<>();

    void add(String key, @Nullable String value, String cure) {
        faults.putIfAbsent(key, new Fault(key, SecretKeys.matches(key) ? null : value, cure));
    }

    Faults require(boolean right, String key, @Nullable Object value, String cure) {
        if (!right) {
            add(key, value == null ? null : value.toString(), cure);
        }
        return this;
    }

    /** What is made, or empty when its constructor found faults, which are then among these. */
    <T> Optional<T> collect(Supplier<T> section) {
        try {
            return Optional.of(section.get());
        } catch (ConfigException e) {
            e.faults().forEach(fault -> faults.putIfAbsent(fault.key(), fault));
            return Optional.empty();
        }
    }

    void throwIfAny() {
        throwIfAny("", List.of());
    }

    /** @param hints lines that may explain them */
    void throwIfAny(String origin, List<String> hints) {
        if (!faults.isEmpty()) {
            throw new ConfigException(origin, new ArrayList<>(faults.values()), hints);
        }
    }

    List<Fault> list() {
        return List.copyOf(faults.values());
    }
}
