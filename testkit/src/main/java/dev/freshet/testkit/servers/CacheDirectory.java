package dev.freshet.testkit.servers;

import java.nio.file.Path;

/** Where unpacked server programs are kept between runs: -Dfreshet.cache, $XDG_CACHE_HOME/freshet or ~/.cache/freshet. */
final class CacheDirectory {
    private CacheDirectory() {}

    static Path get() {
        String chosen = System.getProperty("freshet.cache");
        if (chosen != null) {
            return Path.of(chosen).toAbsolutePath();
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path base = xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("freshet").toAbsolutePath();
    }
}
