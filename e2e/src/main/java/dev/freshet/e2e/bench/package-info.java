/**
 * What Freshet costs and how fresh it is: measured on embedded servers with the processes as they are deployed, beside
 * Debezium alone as the ceiling. A figure counts only if the table was the truth behind it.
 */
@NullMarked
package dev.freshet.e2e.bench;

import org.jspecify.annotations.NullMarked;
