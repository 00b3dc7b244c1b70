package dev.freshet.cli;

import java.util.List;
import picocli.CommandLine.Command;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.MonitoringSettings.Listener;
import dev.freshet.runtime.lifecycle.Service;

/** Runs the part that answers lookups. */
@Command(
        name = "serve",
        description = {
            "Answers lookups of features over HTTP, for model serving.",
            "Reads user_features and writes nothing. Listens on serving.host and serving.port; as many as are needed run side"
                    + " by side. SERVING.md tells what may be asked. Logs to standard error, and runs until SIGTERM or Ctrl-C."
        })
final class ServeCommand extends ServiceCommand {
    @Override
    List<Service> services(FreshetConfig config) {
        return List.of(Parts.serving(config));
    }

    @Override
    Listener listener() {
        return Listener.SERVING;
    }
}
