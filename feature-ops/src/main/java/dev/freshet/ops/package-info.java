/** What an operator runs against a deployment: the truth in SQL, and the checks that compare the table with it. */
@NullMarked
package dev.freshet.ops;

import org.jspecify.annotations.NullMarked;
