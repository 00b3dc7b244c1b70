/**
 * The computation, without Kafka: (state, change) to state, and (state, tick) to state and emissions.
 *
 * <p>Start at {@link dev.freshet.streams.core.FeatureEngine}. It knows one partition of the change log and four sorted byte
 * stores, and nothing of clocks: time is what the ticks say. That makes every row a function of the log up to the tick that
 * emitted it, whoever computes it and however often.
 */
@NullMarked
package dev.freshet.streams.core;

import org.jspecify.annotations.NullMarked;
