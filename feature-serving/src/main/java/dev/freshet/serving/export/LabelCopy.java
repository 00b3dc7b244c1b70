package dev.freshet.serving.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.freshet.runtime.hash.Sha256;

/**
 * The labels as they were when the export began: what is read is what the manifest's hash is of, whatever becomes of the file.
 *
 * @param path of the copy
 */
record LabelCopy(Path path, FileFormat format, String sha256, long bytes) {
    private static final int CHUNK = 1 << 16;

    /** @throws ExportRefusedException if there is no such file, or it is no text where it has to be */
    static LabelCopy of(Path labels, Path copy, Interruption interruption) throws IOException {
        FileFormat format = FileFormat.of("--labels", labels);
        if (!Files.exists(labels)) {
            throw new ExportRefusedException("--labels " + labels + ": there is no such file");
        }
        if (!Files.isRegularFile(labels)) {
            throw new ExportRefusedException("--labels " + labels + " is no file");
        }
        if (!Files.isReadable(labels)) {
            throw new ExportRefusedException("--labels " + labels + " may not be read");
        }
        CsvText text = new CsvText(labels);
        Sha256 hash = new Sha256();
        long bytes = 0;
        try (InputStream in = Files.newInputStream(labels);
                OutputStream out = Files.newOutputStream(copy)) {
            byte[] chunk = new byte[CHUNK];
            int read;
            while ((read = read(in, chunk, labels)) >= 0) {
                interruption.check();
                if (format == FileFormat.CSV) {
                    text.check(chunk, read);
                }
                hash.update(chunk, read);
                out.write(chunk, 0, read);
                bytes += read;
            }
        }
        if (format == FileFormat.CSV) {
            text.checkEnd();
        }
        if (bytes == 0) {
            throw new ExportRefusedException("--labels " + labels
                    + " is empty: line 1 of a CSV file names the columns, and labels stand below it");
        }
        return new LabelCopy(copy, format, hash.hex(), bytes);
    }

    /** Told apart from what cannot be written. */
    private static int read(InputStream in, byte[] chunk, Path labels) throws IOException {
        try {
            return in.read(chunk);
        } catch (IOException e) {
            throw new ExportRefusedException("--labels " + labels + " cannot be read: " + e.getMessage(), e);
        }
    }
}
