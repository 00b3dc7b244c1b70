/**
 * The side of PostgreSQL: whether the source can be captured at all, its slot, the lock that makes one ingest the leader, the
 * heartbeat that lets an idle source's time go on, and Debezium's engine.
 */
@NullMarked
package dev.freshet.ingest.source;

import org.jspecify.annotations.NullMarked;
