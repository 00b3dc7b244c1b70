package dev.freshet.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.freshet.runtime.lifecycle.ExitCode;

/**
 * Makes a JVM that is asked to end (SIGTERM, Ctrl-C) end with the exit code of its work, once that is done, instead of the
 * signal's: a supervisor sees that all went well.
 */
public final class OrderlyEnd {
    private OrderlyEnd() {}

    /**
     * Runs the work on this thread.
     *
     * @param askToStop called when the JVM is asked to end; makes the work return soon
     * @param patience how long the JVM then waits for it
     */
    public static int run(Callable<Integer> work, Runnable askToStop, Duration patience) throws Exception {
        CompletableFuture<Integer> code = new CompletableFuture<>();
        Thread hook = new Thread(() -> end(code, askToStop, patience), "freshet-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            code.complete(work.call());
            return code.join();
        } catch (Exception e) {
            code.complete(ExitCode.of(e).code());
            throw e;
        } finally {
            code.complete(ExitCode.INTERNAL.code());
            remove(hook);
        }
    }

    private static void end(CompletableFuture<Integer> code, Runnable askToStop, Duration patience) {
        askToStop.run();
        int exit = ExitCode.TEMPORARY.code();
        try {
            exit = code.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            System.err.println("freshet: not ended after " + patience.toSeconds() + " s, ending hard");
        } catch (InterruptedException | ExecutionException e) {
            System.err.println("freshet: " + e);
        }
        Runtime.getRuntime().halt(exit);
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook is what ends it.
            return;
        }
    }
}
