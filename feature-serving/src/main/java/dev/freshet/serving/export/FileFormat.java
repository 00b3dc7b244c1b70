package dev.freshet.serving.export;

import java.nio.file.Path;
import java.util.Locale;

/** The form of a file, by the ending of its name. */
enum FileFormat {
    CSV,
    PARQUET;

    static FileFormat of(String option, Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        for (FileFormat format : values()) {
            if (name.endsWith("." + format)) {
                return format;
            }
        }
        throw new ExportRefusedException(
                option + " " + file + ": the name of the file has to end in .csv or .parquet, which tells its form");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
