/** The features topic of a generation: one versioned value per user, and watermarks that say how complete they are. */
@NullMarked
package dev.freshet.schemas.feature;

import org.jspecify.annotations.NullMarked;
