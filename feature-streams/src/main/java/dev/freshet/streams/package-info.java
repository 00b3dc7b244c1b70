/**
 * Kafka Streams around the pure {@link dev.freshet.streams.core}: the change log of a generation in, its features topic out,
 * exactly once. Start at {@link dev.freshet.streams.FeatureTopology}.
 */
@NullMarked
package dev.freshet.streams;

import org.jspecify.annotations.NullMarked;
