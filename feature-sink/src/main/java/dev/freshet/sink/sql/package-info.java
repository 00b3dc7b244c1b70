/**
 * What the sink says to the target: a class per table or statement, all derived from the catalogue. DDL is idempotent and
 * runs under one advisory lock; names are unqualified and follow the connection's search path.
 */
@NullMarked
package dev.freshet.sink.sql;

import org.jspecify.annotations.NullMarked;
