package dev.freshet.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.MonitoringSettings.Listener;
import dev.freshet.runtime.lifecycle.Service;
import dev.freshet.runtime.lifecycle.ServiceRunner;
import dev.freshet.runtime.monitoring.MonitoredService;
import dev.freshet.runtime.monitoring.Monitoring;
import dev.freshet.runtime.time.Time;

/** A command that runs services against existing servers until it is asked to end. */
abstract class ServiceCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(ServiceCommand.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ArgGroup(exclusive = true, multiplicity = "1")
    private RunningSystem system = new RunningSystem();

    /** What it is told. */
    FreshetConfig load(RunningSystem from) {
        return from.loadForParts();
    }

    /** What it runs, in the order in which to start them. */
    abstract List<Service> services(FreshetConfig config);

    /** Which of the ports it tells at how it is. */
    abstract Listener listener();

    @Override
    public final Integer call() throws Exception {
        FreshetConfig config = load(system);
        List<Service> services = services(config);
        ServiceRunner runner = new ServiceRunner(services, PATIENCE);
        List<MonitoredService> monitored = services.stream()
                .filter(MonitoredService.class::isInstance)
                .map(MonitoredService.class::cast)
                .toList();
        try (Monitoring monitoring = Monitoring.start(config, listener(), monitored, Time.system())) {
            log.debug("running url={}", monitoring.url());
            return OrderlyEnd.run(() -> runner.run().code(), runner::stop, PATIENCE.plusSeconds(5));
        }
    }
}
