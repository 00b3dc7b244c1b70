package dev.freshet.serving.export;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Where an export goes: it appears there whole, or not at all. */
final class OutputFile {
    private static final String MANIFEST = ".manifest.json";

    private final Path path;
    private final boolean force;

    private OutputFile(Path path, boolean force) {
        this.path = path;
        this.force = force;
    }

    /** @throws ExportRefusedException if nothing may be written there */
    static OutputFile of(ExportRequest request) {
        OutputFile out = new OutputFile(request.out().toAbsolutePath().normalize(), request.force());
        if (!Files.isDirectory(out.directory())) {
            throw new ExportRefusedException("--out " + request.out() + ": there is no directory " + out.directory());
        }
        if (isSame(out.path, request.labels())) {
            throw new ExportRefusedException("--out " + request.out() + " is the file of the labels: name another");
        }
        out.requireFree(out.path);
        out.requireFree(out.manifest());
        return out;
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

    Path manifest() {
        return directory().resolve(path.getFileName() + MANIFEST);
    }

    /** Puts both under their names, the manifest last: where there is one, what it tells of is there. */
    void publish(Path data, Path manifest) throws IOException {
        requireFree(path);
        requireFree(manifest());
        sync(data);
        sync(manifest);
        Files.move(data, path, StandardCopyOption.ATOMIC_MOVE);
        Files.move(manifest, manifest(), StandardCopyOption.ATOMIC_MOVE);
        sync(directory());
    }

    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
