package dev.freshet.testkit.servers;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** Versions and places that only the build knows: servers.properties, filled in by it. */
final class BuildFacts {
    private BuildFacts() {}

    static Properties load() throws IOException {
        try (InputStream resource = BuildFacts.class.getResourceAsStream("servers.properties")) {
            if (resource == null) {
                throw new IOException("servers.properties is not on the class path");
            }
            Properties facts = new Properties();
            facts.load(resource);
            return facts;
        }
    }
}
