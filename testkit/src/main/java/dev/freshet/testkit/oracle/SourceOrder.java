package dev.freshet.testkit.oracle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;

/**
 * A row of the source's orders.
 *
 * @param createdAt epoch microseconds; null for SQL NULL
 * @param values the columns of the catalogue, in its order; null for SQL NULL
 * @param isUsable false for a row outside the domain
 */
public record SourceOrder(Id user, @Nullable Long createdAt, List<@Nullable Numeric> values, boolean isUsable) {
    public SourceOrder {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    public SourceOrder(Id user, @Nullable Long createdAt, List<@Nullable Numeric> values) {
        this(user, createdAt, values, true);
    }

    /** A row that the domain of DESIGN 1.3 excludes. */
    public static SourceOrder unusable(Id user) {
        return new SourceOrder(user, null, List.of(), false);
    }
}
