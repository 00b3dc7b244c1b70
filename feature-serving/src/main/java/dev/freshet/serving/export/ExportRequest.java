package dev.freshet.serving.export;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for.
 *
 * @param labels a CSV or Parquet file with at least user_id and label_time
 * @param out the file that is made of them; its name's ending tells the form
 * @param mode where the features come from
 * @param badRows what becomes of labels that cannot be read
 * @param force whether what is there under the name of the output is replaced
 * @param manifest of an export that this one has to repeat; null if it need not
 * @param version of Freshet, for the manifest
 */
public record ExportRequest(
        Path labels,
        Path out,
        ExportMode mode,
        BadRows badRows,
        boolean force,
        @Nullable Path manifest,
        String version) {}
