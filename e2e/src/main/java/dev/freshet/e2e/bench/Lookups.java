package dev.freshet.e2e.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.catalogue.FeatureDefinition;
import dev.freshet.serving.lookup.Lookup;
import dev.freshet.testkit.servers.EmbeddedServers;

/**
 * What a lookup of a random user costs: by pgbench, by the read that serving makes, and over HTTP. In short turns, so that what
 * slows the machine down slows all of them down. Speed is that of several callers on all cores, a latency that of one who waits for
 * nobody else: neither for other callers, nor for the pipeline, which has other cores meanwhile where there are some.
 */
final class Lookups {
    static final String PGBENCH_PER_SECOND = "lookupPgbenchPerSecond";
    static final String PGBENCH_MILLIS = "lookupPgbenchMillis";
    static final String PGBENCH_HUNDRED_MILLIS = "lookupPgbenchHundredMillis";
    static final String SQL_PER_SECOND = "lookupSqlPerSecond";
    static final String HTTP_ONE_MILLIS = "lookupHttpOneMillis";
    static final String HTTP_HUNDRED_MILLIS = "lookupHttpHundredMillis";

    private static final int CALLERS = 4;
    private static final int BATCH = 100;
    /** Of pgbench. */
    private static final int BATCHES = 100;

    private static final int ROUNDS = 3;
    /** Calls of each kind: HotSpot compiles what it runs for good behind 30,000 of them (deploy/jvm.options). */
    private static final int WARM_UP = 50_000;

    private static final Duration WINDOW = Duration.ofSeconds(4);

    private final Trial trial;
    private final ServingProcess serving;
    private final Lookup lookup;

    private Lookups(Trial trial, ServingProcess serving, Lookup lookup) {
        this.trial = trial;
        this.serving = serving;
        this.lookup = lookup;
    }

    /** Where pgbench is not installed the figures are without it. */
    static void measure(Trial trial, Values values) throws Exception {
        trial.awaitTakenIn();
        Optional<Pgbench> pgbench = Pgbench.ofThisMachine();
        try (ServingProcess serving = ServingProcess.start(trial);
                Lookup lookup =
                        new Lookup(trial.deployment().config(), trial.bed().time())) {
            Lookups lookups = new Lookups(trial, serving, lookup);
            lookups.warmUp(lookups::sql);
            lookups.warmUp(lookups::httpOne);
            lookups.warmUp(lookups::httpHundred);
            for (int round = 0; round < ROUNDS; round++) {
                lookups.speeds(pgbench, values);
            }
            lookups.latenciesOnOwnCore(pgbench, values);
        }
    }

    private void warmUp(Callers callers) throws Exception {
        int each = trial.options().scaled(WARM_UP) / CALLERS;
        millis(CALLERS, callers, (calls, nanos) -> calls < each);
    }

    private void speeds(Optional<Pgbench> pgbench, Values values) throws Exception {
        Duration window = trial.options().shortened(WINDOW);
        if (pgbench.isPresent()) {
            values.add(
                    PGBENCH_PER_SECOND, pgbench(pgbench.get(), CALLERS, window).perSecond());
        }
        values.add(SQL_PER_SECOND, perSecond(window, this::sql));
        values.add("lookupHttpOnePerSecond", perSecond(window, this::httpOne));
    }

    /** The target, those who read from it and their callers share a core; the pipeline has the others. */
    private void latenciesOnOwnCore(Optional<Pgbench> pgbench, Values values) throws Exception {
        Optional<Cores> cores = Cores.ofThisMachine();
        ProcessHandle here = ProcessHandle.current();
        try {
            if (cores.isPresent()) {
                cores.get().keepOnFirst(here);
                for (ProcessHandle process : pipeline()) {
                    cores.get().keepOnOthers(process);
                }
            }
            for (int round = 0; round < ROUNDS; round++) {
                latencies(pgbench, values);
            }
        } finally {
            if (cores.isPresent()) {
                cores.get().setFree(here);
            }
        }
    }

    private List<ProcessHandle> pipeline() {
        EmbeddedServers servers = trial.bed().servers();
        LongStream parts = Stream.of(Deployment.Part.values())
                .mapToLong(part -> trial.deployment().process(part).pid());
        return LongStream.concat(
                        parts,
                        LongStream.of(servers.kafka().pid(), servers.registry().pid()))
                .mapToObj(pid -> ProcessHandle.of(pid)
                        .orElseThrow(() -> new MeasurementException("process " + pid + " has ended")))
                .toList();
    }

    private void latencies(Optional<Pgbench> pgbench, Values values) throws Exception {
        Duration window = trial.options().shortened(WINDOW);
        if (pgbench.isPresent()) {
            values.addSamples(PGBENCH_MILLIS, pgbench(pgbench.get(), 1, window).millis());
            values.addSamples(
                    PGBENCH_HUNDRED_MILLIS,
                    pgbench(pgbench.get(), batches(new SplittableRandom(BATCHES)), 1, window)
                            .millis());
        }
        values.addSamples(HTTP_ONE_MILLIS, millis(1, window, this::httpOne));
        values.addSamples(HTTP_HUNDRED_MILLIS, millis(1, window, this::httpHundred));
    }

    private Pgbench.Result pgbench(Pgbench pgbench, int clients, Duration window)
            throws IOException, InterruptedException {
        String one = "\\set id random(1, %d)\n".formatted(trial.options().users()) + select("= :id");
        return pgbench(pgbench, List.of(one), clients, window);
    }

    private Pgbench.Result pgbench(Pgbench pgbench, List<String> scripts, int clients, Duration window)
            throws IOException, InterruptedException {
        return pgbench.run(
                trial.database(), scripts, clients, window, trial.deployment().directory());
    }

    /** Each with users of its own: pgbench has no lists. */
    private List<String> batches(SplittableRandom random) {
        return IntStream.range(0, BATCHES)
                .mapToObj(batch -> select("= ANY ('{" + users(random) + "}')"))
                .toList();
    }

    private String select(String condition) {
        String columns = trial.deployment().config().catalogue().features().stream()
                .map(FeatureDefinition::name)
                .collect(Collectors.joining(", "));
        return "SELECT user_id, %s, computed_at, exact_until, incomplete, epoch, version FROM user_features WHERE user_id %s;\n"
                .formatted(columns, condition);
    }

    private String users(SplittableRandom random) {
        return random.ints(BATCH, 1, trial.options().users() + 1)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
    }

    /** One that calls again and again; a thread's own. */
    private interface Caller extends AutoCloseable {
        /** Finds what to ask for next. */
        void prepare();

        void call() throws Exception;

        @Override
        void close() throws IOException;
    }

    /** Makes one. */
    private interface Callers {
        Caller with(SplittableRandom random) throws Exception;
    }

    /** Whether a caller goes on. */
    private interface GoOn {
        boolean after(int calls, long nanos);
    }

    private double perSecond(Duration window, Callers callers) throws Exception {
        return millis(CALLERS, window, callers).size() / (window.toNanos() / 1e9);
    }

    /** How long each call took of those that so many made within the window. */
    private List<Double> millis(int count, Duration window, Callers callers) throws Exception {
        return millis(count, callers, (calls, nanos) -> nanos < window.toNanos());
    }

    private List<Double> millis(int count, Callers callers, GoOn goOn) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<Future<List<Double>>> results = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                SplittableRandom random = new SplittableRandom(i);
                results.add(threads.submit(() -> call(callers, random, goOn)));
            }
            List<Double> millis = new ArrayList<>();
            for (Future<List<Double>> result : results) {
                millis.addAll(result.get());
            }
            return millis;
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Double> call(Callers callers, SplittableRandom random, GoOn goOn) throws Exception {
        List<Double> millis = new ArrayList<>();
        try (Caller caller = callers.with(random)) {
            for (long begin = trial.nanoTime(); goOn.after(millis.size(), trial.nanoTime() - begin); ) {
                caller.prepare();
                long before = trial.nanoTime();
                caller.call();
                millis.add((trial.nanoTime() - before) / 1e6);
            }
        }
        return millis;
    }

    /** The read that serving makes, from this process. */
    private Caller sql(SplittableRandom random) {
        return new Caller() {
            private Id user = Id.of(1);

            @Override
            public void prepare() {
                user = Id.of(user(random));
            }

            @Override
            public void call() throws Exception {
                if (!lookup.find(List.of(user), 0).rows().containsKey(user)) {
                    throw new MeasurementException("user " + user + " was not found");
                }
            }

            @Override
            public void close() {
                // The pool is everybody's.
            }
        };
    }

    private Caller httpOne(SplittableRandom random) throws IOException {
        return http(caller -> caller.get("/v1/users/" + user(random) + "/features"));
    }

    private Caller httpHundred(SplittableRandom random) throws IOException {
        return http(caller -> caller.post("/v1/users/features", "{\"users\":[" + users(random) + "]}"));
    }

    private Caller http(Function<HttpCaller, byte[]> request) throws IOException {
        HttpCaller caller = new HttpCaller(serving.url());
        return new Caller() {
            private byte[] next = {};

            @Override
            public void prepare() {
                next = request.apply(caller);
            }

            @Override
            public void call() throws IOException {
                caller.call(next);
            }

            @Override
            public void close() throws IOException {
                caller.close();
            }
        };
    }

    private int user(SplittableRandom random) {
        return random.nextInt(1, trial.options().users() + 1);
    }
}
