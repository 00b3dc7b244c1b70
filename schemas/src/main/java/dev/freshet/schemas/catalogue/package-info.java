/** Feature definitions as data. Table, Avro schemas, truth SQL and the computation are all derived from a catalogue. */
@NullMarked
package dev.freshet.schemas.catalogue;

import org.jspecify.annotations.NullMarked;
