package dev.freshet.runtime.config;

import java.util.Map;

/**
 * The schema registry.
 *
 * @param url one or more base URLs of its Confluent API, separated by commas
 * @param properties of the Confluent client, passed on as they are; may hold secrets
 */
public record RegistrySettings(String url, Map<String, String> properties) {
    public RegistrySettings {
        properties = Map.copyOf(properties);
        Faults faults = new Faults();
        for (String one : url.split(",", -1)) {
            faults.require(
                    one.strip().matches("https?://[^\\s/]+.*"),
                    "schema.registry.url",
                    url,
                    "write http://host:port, with the path of the registry's Confluent API if it has one");
        }
        faults.throwIfAny();
    }

    @Override
    public String toString() {
        return "RegistrySettings[url=" + url + ", properties=" + properties.keySet() + "]";
    }
}
