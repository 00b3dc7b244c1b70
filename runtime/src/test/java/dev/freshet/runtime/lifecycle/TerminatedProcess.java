package dev.freshet.runtime.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A program that runs one service for ever, for {@link TerminationIT} to end. */
final class TerminatedProcess implements Service {
    private TerminatedProcess() {}

    public static void main(String[] arguments) {
        ServiceRunner runner = new ServiceRunner(List.of(new TerminatedProcess()), Duration.ofSeconds(10));
        System.exit(runner.run().code());
    }

    @Override
    public String name() {
        return "endless";
    }

    @Override
    public void start() {
        System.out.println("started");
    }

    @Override
    public CompletionStage<Void> ended() {
        return new CompletableFuture<>();
    }

    @Override
    public void close() {
        System.out.println("closed");
    }
}
