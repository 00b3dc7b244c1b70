package dev.freshet.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;
import dev.freshet.runtime.generation.ReaderViews;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.Names;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.serving.lookup.Answer;
import dev.freshet.serving.lookup.Lookup;
import dev.freshet.serving.lookup.LookupException;

/** A swap replaces two views, each of which a lookup reads. */
class SwapUnderLookupsIT {
    /** A position that is never reached, so that how complete the table is has to be read too. */
    private static final long NOT_SHARED = -1;

    private static final int READERS = 4;
    private static final int TURNS = 12;
    private static final String LOCK_TIMEOUT = "55P03";
    private static final String DEADLOCK = "40P01";

    /**
     * In the other order of the views it would hold the second one, and each would wait for the other until the swap gave way.
     *
     * @param before so many lookups were made on the connection: none, or as many as make it keep the statement and its plan, which
     *     are locked in another way
     */
    @ParameterizedTest
    @CsvSource({"1, 0", "1, 20", "3, 0", "3, 20"})
    void aLookupThatWaitsForTheFirstViewOfASwapDoesNotKeepItFromTheSecond(int users, int before) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try (ServedTarget target = ServedTarget.live();
                Lookup lookup = new Lookup(target.config("serving.pool.size", "1"), Time.system());
                Connection swap = target.database().connect();
                Statement statement = swap.createStatement()) {
            target.row(1);
            target.createTables(2);
            target.completeThrough(2, "0/10", "now()");
            List<Id> asked = LongStream.rangeClosed(1, users).mapToObj(Id::of).toList();
            for (int i = 0; i < before; i++) {
                lookup.find(asked, NOT_SHARED);
            }
            List<String> views = replacements(2);
            swap.setAutoCommit(false);
            statement.execute("SET LOCAL lock_timeout = '100ms'");
            statement.execute(views.get(0));
            Future<Answer> answer = reader.submit(untilAnswered(lookup, asked, over));
            int swapping = number(statement, "SELECT pg_backend_pid()");
            try (Connection watch = target.database().connect();
                    Statement question = watch.createStatement()) {
                await("the lookup waits for the swap")
                        .until(() -> number(
                                        question,
                                        "SELECT count(*) FROM pg_stat_activity WHERE %d = ANY (pg_blocking_pids(pid))"
                                                .formatted(swapping))
                                == 1);
            }

            assertThatCode(() -> statement.execute(views.get(1)))
                    .as("the lookup holds the second view")
                    .doesNotThrowAnyException();

            swap.commit();
            assertThat(answer.get(20, TimeUnit.SECONDS).through().generation()).isEqualTo(2);
        } finally {
            over.set(true);
            reader.shutdown();
        }
    }

    /** The statements that turn readers to a generation, in the order in which a swap runs them. */
    private static List<String> replacements(int generation) {
        Generation.Log log = new Generation.Log(generation, 1, "source");
        Generation live = new Generation(generation, GenerationState.LIVE, generation, log, true, "");
        return new ReaderViews(new Names("test"), Catalogue.standard()).over(live);
    }

    private static int number(Statement statement, String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    /** A lookup gives up after a while; then it is asked again, so that one always waits. */
    private static Callable<Answer> untilAnswered(Lookup lookup, List<Id> asked, AtomicBoolean over) {
        return () -> {
            while (true) {
                try {
                    return lookup.find(asked, NOT_SHARED);
                } catch (LookupException e) {
                    if (over.get()) {
                        throw e;
                    }
                }
            }
        };
    }

    /** In the other order of the views most turns are lost. */
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
                lookup.find(List.of(Id.of(1)), NOT_SHARED);
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
