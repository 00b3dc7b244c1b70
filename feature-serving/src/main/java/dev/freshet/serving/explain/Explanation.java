package dev.freshet.serving.explain;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows behind one user's features at an instant.
 *
 * @param user the id, as PostgreSQL prints it
 * @param features in the catalogue's order
 */
public record Explanation(
        String user,
        Instant at,
        Table table,
        SourceSide source,
        List<ExplainedFeature> features,
        Conclusion conclusion) {

    /**
     * What the target has.
     *
     * @param completeThrough the source time that the live generation is complete through
     * @param row null if there is none
     */
    public record Table(Instant completeThrough, @Nullable HeldRow row) {}

    /**
     * @param notes what a reader should know, a sentence each; the verdict's reason comes first
     */
    public record Conclusion(Verdict verdict, List<String> notes) {}
}
