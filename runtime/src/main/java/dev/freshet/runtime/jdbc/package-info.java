/**
 * Connections that cannot hang for ever, and what an SQLSTATE asks us to do.
 */
@NullMarked
package dev.freshet.runtime.jdbc;

import org.jspecify.annotations.NullMarked;
