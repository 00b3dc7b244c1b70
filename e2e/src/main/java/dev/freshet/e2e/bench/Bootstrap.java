package dev.freshet.e2e.bench;

/** From the start of the three processes to the whole table. */
final class Bootstrap {
    static final String SECONDS = "bootstrapSeconds";

    private Bootstrap() {}

    static void measure(Trial trial, Values values) throws Exception {
        String end = trial.sourceEnd();
        Resources.Cpu servers = trial.resources().serversCpu();
        long began = trial.nanoTime();
        trial.deployment().startAll();
        trial.awaitTakenIn(end);
        double seconds = trial.secondsSince(began);
        int orders = trial.options().orders();
        values.add(SECONDS, seconds);
        values.add("bootstrapOrdersPerSecond", orders / seconds);
        trial.resources().cpu().addSince(servers, "bootstrap", orders, values);
        trial.resources().addMemory(values);
    }
}
