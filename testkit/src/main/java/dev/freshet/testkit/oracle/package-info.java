/**
 * What is right, computed the slow and obvious way: plain maps of users and orders, and features by loops over all of them.
 * It shares no code with the computation it checks.
 */
@NullMarked
package dev.freshet.testkit.oracle;

import org.jspecify.annotations.NullMarked;
