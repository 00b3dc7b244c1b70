/** Bearer tokens: who may ask. */
@NullMarked
package dev.freshet.serving.auth;

import org.jspecify.annotations.NullMarked;
