/**
 * The Avro form of what crosses a topic: schemas, codecs between records and domain types, and the Confluent wire format
 * over the Schema Registry client.
 */
@NullMarked
package dev.freshet.schemas.avro;

import org.jspecify.annotations.NullMarked;
