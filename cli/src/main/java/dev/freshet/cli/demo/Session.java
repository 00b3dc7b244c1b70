package dev.freshet.cli.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

import dev.freshet.cli.DriftText;
import dev.freshet.cli.demo.DemoOptions.ShopOptions;
import dev.freshet.ops.drift.DriftCheck;
import dev.freshet.ops.drift.DriftReport;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.time.Time;

/** From the moment when all is ready until the demo is to end: traffic, dashboard, and the verdict. */
record Session(DemoOptions options, FreshetConfig config, Database database, Screen screen, Time time) {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration CATCH_UP = Duration.ofSeconds(60);
    private static final int WATCHED_USERS = 6;

    /** Returns the exit code. */
    int run(Connection connection, Pipeline pipeline, StopSignal stop) throws Exception {
        if (options.shop().isPresent()) {
            showTraffic(options.shop().get(), connection, pipeline, stop);
        } else {
            screen.line(end("user_features follows users and orders; change them as you like"));
            awaitEnd(pipeline, stop);
        }
        if (stop.isAsked()) {
            tellWhatNext(connection);
            return 0;
        }
        DriftReport report = DriftCheck.of(config).run(connection, CATCH_UP);
        DriftText.lines(report).forEach(screen::line);
        if (report.isClean()) {
            tellWhatNext(connection);
        }
        return report.isClean() ? 0 : 1;
    }

    private void tellWhatNext(Connection connection) throws SQLException {
        if (options.shop().isPresent()) {
            new NextCommands(options.info(), options.dataDirectory())
                    .atItsEnd(Shop.anyUser(connection))
                    .forEach(screen::line);
        }
    }

    private String end(String text) {
        return options.duration()
                .map(duration -> text + "; ends after " + duration.toSeconds() + " s, or with Ctrl-C")
                .orElse(text + "; Ctrl-C ends it");
    }

    private void awaitEnd(Pipeline pipeline, StopSignal stop) throws Exception {
        long begin = time.nanoTime();
        while (!isOver(begin) && !stop.await(SECOND)) {
            pipeline.check();
        }
    }

    private boolean isOver(long begin) {
        return options.duration().isPresent()
                && time.nanoTime() - begin >= options.duration().get().toNanos();
    }

    private void showTraffic(ShopOptions shop, Connection connection, Pipeline pipeline, StopSignal stop)
            throws Exception {
        Tally tally = new Tally();
        // Not the seed itself: the shop was filled with what that draws.
        Draws draws = new Draws(new SplittableRandom(shop.seed()).split());
        Freshness freshness = new Freshness(database, tally, time);
        Dashboard dashboard = new Dashboard(screen, config.catalogue(), end("traffic goes on"));
        Watch watch = new Watch(connection, config.catalogue(), WATCHED_USERS, time);
        long begin = time.nanoTime();
        Gauges gauges = new Gauges(connection, tally, freshness.latencies(), watch, begin);
        try (Worker traffic = new Traffic(database, draws, shop.rate(), tally, time).worker();
                Worker probes = freshness.worker()) {
            traffic.start();
            probes.start();
            show(begin, gauges, dashboard, new Running(pipeline, List.of(traffic, probes)), stop);
        }
        screen.keep();
        summarize(gauges, tally, freshness.latencies());
    }

    /** What must not end before the demo is asked to. */
    private record Running(Pipeline pipeline, List<Worker> workers) {
        void check() throws Exception {
            pipeline.check();
            for (Worker worker : workers) {
                worker.check();
            }
        }
    }

    private void show(long begin, Gauges gauges, Dashboard dashboard, Running running, StopSignal stop)
            throws Exception {
        for (long second = 1; !isOver(begin); second++) {
            long untilNext = begin + second * SECOND.toNanos() - time.nanoTime();
            if (stop.await(Duration.ofNanos(untilNext))) {
                return;
            }
            running.check();
            dashboard.show(gauges.read(time.nanoTime()));
        }
    }

    private void summarize(Gauges gauges, Tally tally, Latencies latencies) throws SQLException {
        screen.line("changed %,d rows (%s); wrote %,d rows of features"
                .formatted(tally.rows(), tally.text(), gauges.written()));
        screen.line("commit to visible: p50 %s, p99 %s over the last %,d of %,d probes"
                .formatted(
                        Latencies.text(latencies.percentile(50)),
                        Latencies.text(latencies.percentile(99)),
                        latencies.kept(),
                        latencies.count()));
    }
}
