/** Shops to test with, and what is done in them. */
@NullMarked
package dev.freshet.e2e.shop;

import org.jspecify.annotations.NullMarked;
