package dev.freshet.cli;

import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import dev.freshet.runtime.config.FreshetConfig;

/** Which system a command acts on: one of the two options, never both. */
final class RunningSystem {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The system's configuration, in YAML; environment variables FRESHET_... override it.")
    private @Nullable Path config;

    @Option(names = "--info", paramLabel = "FILE", description = "What a running 'freshet demo --info FILE' wrote.")
    private @Nullable Path info;

    FreshetConfig load() {
        return load(FreshetConfig::load);
    }

    /** For a command that runs parts. */
    FreshetConfig loadForParts() {
        return load(yaml -> FreshetConfig.load(yaml, System.getenv(), Parts.CHECKS));
    }

    /** For a command that runs streams. */
    FreshetConfig loadForStreams() {
        return load(yaml -> FreshetConfig.loadForStreams(yaml, System.getenv(), Parts.CHECKS));
    }

    private FreshetConfig load(Function<Path, FreshetConfig> read) {
        if (config != null) {
            return read.apply(config);
        }
        if (info != null) {
            return FreshetConfig.fromInfo(info);
        }
        throw new IllegalStateException("the command line was let through without --config and --info");
    }
}
