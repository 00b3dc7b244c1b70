/**
 * Real servers run by this JVM: PostgreSQL, a Kafka broker and an Apicurio registry, each in a process of its own, on loopback
 * only, with its data in a directory that a later start goes on from. Integration tests and `freshet demo` use the same ones;
 * those that tests share can also be containers.
 */
@NullMarked
package dev.freshet.testkit.servers;

import org.jspecify.annotations.NullMarked;
