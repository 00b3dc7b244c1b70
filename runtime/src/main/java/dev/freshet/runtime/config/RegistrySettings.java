package dev.freshet.runtime.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The schema registry.
 *
 * @param url one or more base URLs of its Confluent API, separated by commas
 * @param properties of the Confluent client, passed on as they are; may hold secrets
 */
public record RegistrySettings(String url, Map<String, String> properties) {
    private static final Pattern BASE =
            Pattern.compile("https?://(?:[^\\s/:@]+|\\[[0-9a-fA-F:.]+])(?::(\\d+))?(?:/\\S*)?");

    public RegistrySettings {
        properties = Map.copyOf(properties);
        Faults faults = new Faults();
        for (String one : url.split(",", -1)) {
            Matcher matcher = BASE.matcher(one.strip());
            if (one.contains("@")) {
                faults.add(
                        "schema.registry.url",
                        null,
                        "holds credentials, and URLs end up in logs: set basic.auth.credentials.source: USER_INFO and"
                                + " basic.auth.user.info below schema.registry.properties");
            }
            faults.require(
                    matcher.matches() && (matcher.group(1) == null || Ranges.isPort(matcher.group(1))),
                    "schema.registry.url",
                    url,
                    "write http://host:port, with the path of the registry's Confluent API if it has one");
        }
        RegistryKeys.RESERVED.check(faults, "schema.registry.properties", properties);
        NamedFiles.check(faults, "schema.registry.properties", properties);
        faults.throwIfAny();
    }

    @Override
    public String toString() {
        return "RegistrySettings[url=" + url + ", properties=" + properties.keySet() + "]";
    }
}
