/**
 * Which rows of a table count: a small part of SQL's conditions, which ingest evaluates on captured rows and PostgreSQL, given the
 * same text, on its tables.
 */
@NullMarked
package dev.freshet.runtime.filter;

import org.jspecify.annotations.NullMarked;
