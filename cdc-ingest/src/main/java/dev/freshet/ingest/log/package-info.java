/**
 * The side of Kafka: the change log of a generation, appended to by one transactional producer together with the position
 * that covers it, and the reading of that position.
 */
@NullMarked
package dev.freshet.ingest.log;

import org.jspecify.annotations.NullMarked;
