/**
 * What all Kafka clients of a deployment have in common, and the topics they use, made and checked before use.
 */
@NullMarked
package dev.freshet.runtime.kafka;

import org.jspecify.annotations.NullMarked;
