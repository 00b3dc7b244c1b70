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
    /** Less than containers are given by default, 30 s: what waits for a silent server cannot be hurried. Streams closes in 20 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(22);

    private static final Duration MONITORING = Duration.ofSeconds(2);

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
            return OrderlyEnd.run(() -> runner.run().code(), runner::stop, PATIENCE.plus(MONITORING));
        }
    }
}
