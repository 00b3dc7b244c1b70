package dev.freshet.serving.export;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import dev.freshet.runtime.lifecycle.Stop;

/** Where an export goes: it appears there whole, or not at all. */
final class OutputFile {
    private static final String MANIFEST = ".manifest.json";

    private final Path path;
    private final FileFormat format;
    private final boolean force;

    private OutputFile(Path path, FileFormat format, boolean force) {
        this.path = path;
        this.format = format;
        this.force = force;
    }

    /** @throws ExportRefusedException if nothing may be written there */
    static OutputFile of(ExportRequest request) {
        OutputFile out = new OutputFile(real(request.out()), FileFormat.of("--out", request.out()), request.force());
        if (isSame(out.path, request.labels())) {
            throw new ExportRefusedException("--out " + request.out() + " is the file of the labels: name another");
        }
        out.requireFree(out.path);
        out.requireFree(out.manifest());
        return out;
    }

    /** In the directory that links lead to; the file itself may be none. */
    private static Path real(Path out) {
        Path absolute = out.toAbsolutePath();
        Path parent = absolute.getParent();
        Path name = absolute.getFileName();
        if (parent == null || name == null) {
            throw new ExportRefusedException("--out " + out + " is a directory: name a file");
        }
        if (!Files.isDirectory(parent)) {
            throw new ExportRefusedException("--out " + out + ": there is no directory " + parent);
        }
        try {
            return parent.toRealPath().resolve(name);
        } catch (IOException e) {
            throw new ExportRefusedException("--out " + out + ": the directory " + parent + " cannot be read", e);
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    private void requireFree(Path file) {
        if (Files.isSymbolicLink(file)) {
            throw new ExportRefusedException("--out: " + file + " is a link: name the file itself");
        }
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new ExportRefusedException("--out: " + file + " is there, and is no file");
        }
        if (!force) {
            throw new ExportRefusedException(
                    "--out: " + file + " is there already: name another file, or replace it with --force");
        }
    }

    Path directory() {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }

    Path path() {
        return path;
    }

    FileFormat format() {
        return format;
    }

    Path manifest() {
        return directory().resolve(path.getFileName() + MANIFEST);
    }

    /**
     * Puts both under their names, the manifest last, and one of before is deleted first: where there is one, what it tells of is
     * there.
     *
     * @throws Stop.Operator if the data is there, and its manifest may not be
     */
    void publish(Path data, Path manifest) throws IOException {
        requireFree(path);
        requireFree(manifest());
        sync(data);
        sync(manifest);
        Files.deleteIfExists(manifest());
        Files.move(data, path, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(manifest, manifest(), StandardCopyOption.ATOMIC_MOVE);
            sync(directory());
        } catch (IOException e) {
            throw new Stop.Operator(
                    "the export is written to " + path + ", but its manifest may not be: " + e.getMessage(),
                    "See to the disk, and export again with --force",
                    e);
        }
    }

    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
