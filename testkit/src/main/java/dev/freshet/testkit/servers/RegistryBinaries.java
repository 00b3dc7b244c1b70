package dev.freshet.testkit.servers;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** The registry's program as the build unpacked it. */
final class RegistryBinaries {
    private RegistryBinaries() {}

    /** Looked for at -Dfreshet.registry.home, where the build put it, and beside this class's own jar or directory. */
    static Path jar() throws IOException {
        Properties facts = BuildFacts.load();
        Path built = Path.of(facts.getProperty("registry.home"));
        List<Path> places = Stream.of(
                        Path.of(System.getProperty("freshet.registry.home", built.toString())),
                        built,
                        besideThisClass().resolve(built.getFileName()))
                .map(place -> place.resolve(facts.getProperty("registry.jar")))
                .distinct()
                .toList();
        return places.stream()
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new IOException(
                        "the registry's server is not unpacked; build the testkit module. Looked at " + places));
    }

    /** testkit/target, for a class in testkit/target/classes or in a jar beside that: also after the clone was moved. */
    private static Path besideThisClass() throws IOException {
        try {
            return Path.of(RegistryBinaries.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
