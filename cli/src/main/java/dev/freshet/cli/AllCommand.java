package dev.freshet.cli;

import java.util.List;
import picocli.CommandLine.Command;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.Service;

/** Runs the three parts in one JVM. */
@Command(
        name = "all",
        description = {
            "Runs ingest, streams and sink in one process.",
            "Logs to standard error, and runs until SIGTERM or Ctrl-C."
        })
final class AllCommand extends ServiceCommand {
    @Override
    FreshetConfig load(RunningSystem from) {
        return from.loadForStreams();
    }

    @Override
    List<Service> services(FreshetConfig config) {
        return List.of(Parts.sink(config), Parts.streams(config), Parts.ingest(config));
    }
}
