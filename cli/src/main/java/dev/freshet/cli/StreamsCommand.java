package dev.freshet.cli;

import java.util.List;
import picocli.CommandLine.Command;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.MonitoringSettings.Listener;
import dev.freshet.runtime.lifecycle.Service;

/** Runs the part that computes. */
@Command(
        name = "streams",
        description = {
            "Runs streams: from the change log to the features topic.",
            "Computes the features of every user, and publishes each new value. Up to as many as there are partitions share"
                    + " the work, each with its own streams.instance.id and streams.state.dir. Logs to standard error, and"
                    + " runs until SIGTERM or Ctrl-C."
        })
final class StreamsCommand extends ServiceCommand {
    @Override
    FreshetConfig load(RunningSystem from) {
        return from.loadForStreams();
    }

    @Override
    List<Service> services(FreshetConfig config) {
        return List.of(Parts.streams(config));
    }

    @Override
    Listener listener() {
        return Listener.STREAMS;
    }
}
