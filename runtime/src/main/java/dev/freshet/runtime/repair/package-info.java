/** What is asked of ingest, the only writer of a change log: to read users anew from the source. */
@NullMarked
package dev.freshet.runtime.repair;

import org.jspecify.annotations.NullMarked;
