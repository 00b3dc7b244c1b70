/**
 * The contract between the processes. What crosses a topic is defined here, once: the rows and controls of the change log
 * ({@link dev.freshet.schemas.change}), the rows of the features topic ({@link dev.freshet.schemas.feature}), the feature
 * definitions both are derived from ({@link dev.freshet.schemas.catalogue}), their Avro form ({@link
 * dev.freshet.schemas.avro}) and the names under which they are persisted ({@link dev.freshet.schemas.Names}).
 */
@NullMarked
package dev.freshet.schemas;

import org.jspecify.annotations.NullMarked;
