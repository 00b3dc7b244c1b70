/**
 * What the captured records mean, without an engine and without a Kafka client: which row changed and how, where a source
 * transaction ends, which ticks are due, and which records a restarted engine sends again.
 */
@NullMarked
package dev.freshet.ingest.capture;

import org.jspecify.annotations.NullMarked;
