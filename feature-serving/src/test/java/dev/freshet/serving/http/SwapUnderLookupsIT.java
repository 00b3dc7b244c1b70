package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.serving.lookup.Lookup;

/** A swap replaces two views, each of which a lookup reads. */
class SwapUnderLookupsIT {
    private static final int READERS = 4;
    private static final int TURNS = 12;
    private static final String LOCK_TIMEOUT = "55P03";
    private static final String DEADLOCK = "40P01";

    /** In the other order of the views nearly every turn lost, as each side waited for what the other had. */
    @Test
    void lookupsWithoutAPauseDoNotKeepReadersFromBeingTurned() throws Exception {
        try (ServedTarget target = ServedTarget.live();
                Lookup lookup = new Lookup(target.config(), Time.system())) {
            target.row(1);
            ExecutorService readers = Executors.newFixedThreadPool(READERS);
            AtomicBoolean over = new AtomicBoolean();
            List<Future<Integer>> reads = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                reads.add(readers.submit(reading(lookup, over)));
            }
            int lost = 0;
            for (int generation = 2; generation < 2 + TURNS; generation++) {
                target.createTables(generation);
                target.completeThrough(generation, "0/10", "now()");
                lost += isTurned(target, generation) ? 0 : 1;
            }
            over.set(true);
            readers.shutdown();
            for (Future<Integer> read : reads) {
                assertThat(read.get()).isPositive();
            }
            assertThat(lost).isLessThan(TURNS / 4);
        }
    }

    private static Callable<Integer> reading(Lookup lookup, AtomicBoolean over) {
        return () -> {
            int count = 0;
            while (!over.get()) {
                lookup.find(List.of(Id.of(1)), 0);
                count++;
            }
            return count;
        };
    }

    /** Again and again, as the command does; false if the first time was lost. */
    private static boolean isTurned(ServedTarget target, int generation) throws SQLException {
        boolean isFirst = true;
        while (true) {
            try {
                assertThat(target.tryActivate(generation)).isTrue();
                return isFirst;
            } catch (SQLException e) {
                if (!LOCK_TIMEOUT.equals(e.getSQLState()) && !DEADLOCK.equals(e.getSQLState())) {
                    throw e;
                }
                isFirst = false;
            }
        }
    }
}
