package dev.freshet.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.lifecycle.Service;
import dev.freshet.runtime.lifecycle.ServiceRunner;

/** A command that runs services against existing servers until it is asked to end. */
abstract class ServiceCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ArgGroup(exclusive = true, multiplicity = "1")
    private RunningSystem system = new RunningSystem();

    /** What it is told. */
    FreshetConfig load(RunningSystem from) {
        return from.loadForParts();
    }

    /** What it runs, in the order in which to start them. */
    abstract List<Service> services(FreshetConfig config);

    @Override
    public final Integer call() throws Exception {
        ServiceRunner runner = new ServiceRunner(services(load(system)), PATIENCE);
        return OrderlyEnd.run(() -> runner.run().code(), runner::stop, PATIENCE.plusSeconds(5));
    }
}
