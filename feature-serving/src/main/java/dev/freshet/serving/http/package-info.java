/** Lookups over HTTP: in a form for people, and in Feast's. A request is parsed into a record, answered with a record, and rendered. */
@NullMarked
package dev.freshet.serving.http;

import org.jspecify.annotations.NullMarked;
