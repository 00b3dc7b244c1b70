/**
 * Real servers run by this JVM: PostgreSQL, a Kafka broker and an Apicurio registry, each in a process of its own, on loopback
 * only, with its data in a directory that a later start goes on from. Integration tests and `freshet demo` use the same ones.
 */
@NullMarked
package dev.freshet.testkit.servers;

import org.jspecify.annotations.NullMarked;
