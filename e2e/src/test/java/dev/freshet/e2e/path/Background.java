package dev.freshet.e2e.path;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Something that is done over and over, on a thread of its own. */
final class Background {
    private final AtomicBoolean isEnough = new AtomicBoolean();
    private final CompletableFuture<Integer> done;

    /** What is done. */
    interface Work {
        void run() throws Exception;
    }

    Background(Work work) {
        done = CompletableFuture.supplyAsync(() -> {
            int times = 0;
            try {
                while (!isEnough.get()) {
                    work.run();
                    times++;
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return times;
        });
    }

    /** Returns how often it was done. */
    int stop() throws Exception {
        isEnough.set(true);
        return done.get(60, TimeUnit.SECONDS);
    }
}
