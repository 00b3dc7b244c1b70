package dev.freshet.serving.auth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.Fault;
import dev.freshet.runtime.config.TextFile;

/**
 * The file that serving.tokens.file names: a line for each token, {@code <read|admin> <SHA-256 of the token in hex> [expires=<instant>]
 * [label]}; empty lines and those that begin with # say nothing.
 */
public final class TokenFile {
    private static final String KEY = "serving.tokens.file";

    private TokenFile() {}

    /** @throws ConfigException with all that is wrong with it, by line; what stands in a line is never told */
    public static Tokens read(Path file) {
        return tokens(file, text(file));
    }

    /** @throws ConfigException if it cannot be read */
    static String text(Path file) {
        try {
            return TextFile.read(file);
        } catch (IOException e) {
            throw new ConfigException(new Fault(KEY, file.toString(), String.valueOf(e.getMessage())));
        }
    }

    /** Of what stands in it; throws as {@link #read}. */
    static Tokens tokens(Path file, String text) {
        TokenLines read = new TokenLines(KEY + ", " + file);
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                read.add(line, i + 1);
            }
        }
        if (!read.faults().isEmpty()) {
            throw new ConfigException(read.faults());
        }
        if (read.entries().isEmpty()) {
            throw new ConfigException(
                    new Fault(KEY, file.toString(), "has no token in it: freshet serve-token makes one"));
        }
        return new Tokens(read.entries());
    }
}
