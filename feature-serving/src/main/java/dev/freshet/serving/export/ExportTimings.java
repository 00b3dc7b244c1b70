package dev.freshet.serving.export;

import java.time.Duration;

/** How long the parts of an export took: reading labels, copying rows out of the databases, computing, and writing. */
public record ExportTimings(Duration labels, Duration extraction, Duration join, Duration write) {}
