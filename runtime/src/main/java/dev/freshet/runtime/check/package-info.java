/** What has to hold before, and while, a deployment runs: what is found against it, each with what mends it. */
@NullMarked
package dev.freshet.runtime.check;

import org.jspecify.annotations.NullMarked;
