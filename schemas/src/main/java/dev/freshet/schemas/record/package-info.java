/** What the processes keep in Kafka about their own work: positions and dead letters. */
@NullMarked
package dev.freshet.schemas.record;

import org.jspecify.annotations.NullMarked;
