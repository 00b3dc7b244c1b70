/** The source's tables by the source's own names, for whoever reads them with SQL. */
@NullMarked
package dev.freshet.runtime.source;

import org.jspecify.annotations.NullMarked;
