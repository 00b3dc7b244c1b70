/**
 * The rules of the sink without Kafka and without JDBC: what of a poll's records is written ({@link
 * dev.freshet.sink.rule.Batch}), and when a write counts ({@link dev.freshet.sink.rule.WriteRules}).
 */
@NullMarked
package dev.freshet.sink.rule;

import org.jspecify.annotations.NullMarked;
