package dev.freshet.serving.auth;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.Fault;
import dev.freshet.runtime.config.TextFile;

/**
 * The file that serving.tokens.file names: a line for each token, {@code <read|admin> <SHA-256 of the token in hex> [label]}; empty
 * lines and those that begin with # say nothing.
 */
public final class TokenFile {
    private static final String KEY = "serving.tokens.file";
    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
    private static final int FIELDS = 3;

    private TokenFile() {}

    /** @throws ConfigException with all that is wrong with it, by line; what stands in a line is never told */
    public static Tokens read(Path file) {
        String text;
        try {
            text = TextFile.read(file);
        } catch (IOException e) {
            throw new ConfigException(new Fault(KEY, file.toString(), String.valueOf(e.getMessage())));
        }
        List<Fault> faults = new ArrayList<>();
        List<Tokens.Entry> entries = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                entry(line, KEY + ", " + file + " line " + (i + 1), faults).ifPresent(entries::add);
            }
        }
        if (faults.isEmpty() && entries.isEmpty()) {
            faults.add(new Fault(KEY, file.toString(), "has no token in it: freshet serve-token makes one"));
        }
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        return new Tokens(entries);
    }

    private static Optional<Tokens.Entry> entry(String line, String where, List<Fault> faults) {
        String[] fields = BLANKS.split(line, FIELDS);
        Optional<Scope> scope = Scope.of(fields[0]);
        if (scope.isEmpty()) {
            faults.add(new Fault(where, null, "begins with no scope: write read or admin, then the token's SHA-256"));
            return Optional.empty();
        }
        if (fields.length < 2 || !SHA_256.matcher(fields[1]).matches()) {
            faults.add(
                    new Fault(
                            where,
                            null,
                            "has no SHA-256 in hex, of 64 digits: write the line that freshet serve-token prints, never the token"));
            return Optional.empty();
        }
        if (MessageDigest.isEqual(HexFormat.of().parseHex(fields[1].toLowerCase(Locale.ROOT)), Tokens.sha256(""))) {
            faults.add(new Fault(
                    where, null, "has the SHA-256 of no text at all: write the line that freshet serve-token prints"));
            return Optional.empty();
        }
        String label = fields.length == FIELDS ? fields[2] : where.substring(where.lastIndexOf("line "));
        byte[] hash = HexFormat.of().parseHex(fields[1].toLowerCase(Locale.ROOT));
        return Optional.of(new Tokens.Entry(hash, new Holder(scope.get(), label)));
    }
}
