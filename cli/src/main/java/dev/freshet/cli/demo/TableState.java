package dev.freshet.cli.demo;

import java.time.Duration;
import java.time.Instant;

/**
 * How the table stands.
 *
 * @param generation which build of it is read
 * @param completeThrough the source time that all of it has reached
 * @param age how long ago that was, by the source's clock
 * @param written rows written to it since the servers started
 */
record TableState(int generation, Instant completeThrough, Duration age, long written) {}
