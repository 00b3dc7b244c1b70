package dev.freshet.cli;

import java.util.List;
import picocli.CommandLine.Command;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.MonitoringSettings.Listener;
import dev.freshet.runtime.lifecycle.Service;

/** Runs the part that reads the source. */
@Command(
        name = "ingest",
        description = {
            "Runs ingest: from PostgreSQL to the change log.",
            "Appends every change of users and orders exactly once to the change log in Kafka. Of several that run, one"
                    + " leads and the others stand by. Logs to standard error, and runs until SIGTERM or Ctrl-C."
        })
final class IngestCommand extends ServiceCommand {
    @Override
    List<Service> services(FreshetConfig config) {
        return List.of(Parts.ingest(config));
    }

    @Override
    Listener listener() {
        return Listener.INGEST;
    }
}
