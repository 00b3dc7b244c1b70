package dev.freshet.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

import dev.freshet.ops.reconcile.ReconcileService;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.MonitoringSettings.Listener;
import dev.freshet.runtime.lifecycle.Service;
import dev.freshet.runtime.time.Time;

/** Runs the three parts in one JVM. */
@Command(
        name = "all",
        description = {
            "Runs ingest, streams and sink in one process, and with them the comparison that reconcile.interval asks for.",
            "Logs to standard error, and runs until SIGTERM or Ctrl-C."
        })
final class AllCommand extends ServiceCommand {
    @Override
    FreshetConfig load(RunningSystem from) {
        return from.loadForStreams();
    }

    @Override
    List<Service> services(FreshetConfig config) {
        // Streams first: where the same runs already it is refused before anything of the other is fenced.
        List<Service> services =
                new ArrayList<>(List.of(Parts.streams(config), Parts.sink(config), Parts.ingest(config)));
        Duration interval = config.reconcile().interval();
        if (interval != null) {
            services.add(new ReconcileService(config, interval, Time.system()));
        }
        return services;
    }

    @Override
    Listener listener() {
        return Listener.ALL;
    }
}
