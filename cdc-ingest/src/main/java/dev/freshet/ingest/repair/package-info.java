/**
 * Reads users anew from the source and replaces what the log has of them: a mark in the WAL, the rows in a snapshot that sees all
 * before the mark, another mark. Whoever did not change between the marks has these rows at the second one.
 */
@NullMarked
package dev.freshet.ingest.repair;

import org.jspecify.annotations.NullMarked;
