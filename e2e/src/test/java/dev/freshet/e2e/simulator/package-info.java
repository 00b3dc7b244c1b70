/**
 * The protocol of DESIGN 2.2 in one thread, without Kafka and without PostgreSQL: the real engine and the sink's real rules
 * between a modelled source, broker and target, whose processes die, stall, are doubled and write late.
 *
 * <p>Start at {@link dev.freshet.e2e.simulator.Simulation}. What is modelled of Kafka: offsets, transactions with markers and
 * epochs, read_committed, compaction with its lag and the life of tombstones. Rows are judged by
 * {@link dev.freshet.e2e.simulator.FeatureTable} in the moment they become visible.
 */
@NullMarked
package dev.freshet.e2e.simulator;

import org.jspecify.annotations.NullMarked;
