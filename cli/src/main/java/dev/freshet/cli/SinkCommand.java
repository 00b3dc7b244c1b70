package dev.freshet.cli;

import java.util.List;
import picocli.CommandLine.Command;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.MonitoringSettings.Listener;
import dev.freshet.runtime.lifecycle.Service;

/** Runs the part that writes the target. */
@Command(
        name = "sink",
        description = {
            "Runs the sink: from the features topic to user_features.",
            "Writes the newest value of every user to user_features, and every version to user_features_history. Up to as"
                    + " many as there are partitions share the work, each with its own sink.instance.id. Logs to standard"
                    + " error, and runs until SIGTERM or Ctrl-C."
        })
final class SinkCommand extends ServiceCommand {
    @Override
    List<Service> services(FreshetConfig config) {
        return List.of(Parts.sink(config));
    }

    @Override
    Listener listener() {
        return Listener.SINK;
    }
}
