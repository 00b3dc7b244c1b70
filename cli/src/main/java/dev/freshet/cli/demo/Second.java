package dev.freshet.cli.demo;

import java.time.Duration;
import java.util.List;

/**
 * What the demo shows of one second.
 *
 * @param running since the traffic began
 * @param changesIn rows changed in the source, per second
 * @param featuresOut rows written to user_features, per second
 * @param p50 commit to visible
 * @param p99 commit to visible
 * @param probes how many measurements these are made of
 * @param users some users beside the truth
 */
record Second(
        Duration running,
        double changesIn,
        double featuresOut,
        Duration p50,
        Duration p99,
        long probes,
        TableState table,
        List<WatchedUser> users) {}
