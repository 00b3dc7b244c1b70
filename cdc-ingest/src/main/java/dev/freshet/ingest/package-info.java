/**
 * From the source's WAL to the change log of a generation: Debezium's engine reads, one transactional producer appends every
 * change exactly once, with ticks. {@link dev.freshet.ingest.IngestService} is the process; {@code capture} says what the
 * records mean, {@code source} is the side of PostgreSQL, {@code log} the side of Kafka.
 */
@NullMarked
package dev.freshet.ingest;

import org.jspecify.annotations.NullMarked;
