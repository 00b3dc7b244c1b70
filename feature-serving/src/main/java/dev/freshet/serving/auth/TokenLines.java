package dev.freshet.serving.auth;

import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.Fault;
import dev.freshet.runtime.hash.Sha256;

/** The lines of a file of tokens, and what is wrong with them. */
final class TokenLines {
    /** Written in front of the instant from which on a token is none. */
    static final String EXPIRES = "expires=";

    private static final Pattern BLANKS = Pattern.compile("[ \\t]+");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
    /** At the beginning; or with its sign behind a label, where it would be a part of that. */
    private static final Pattern MEANT_AS_EXPIRY = Pattern.compile("(?i)expire.*|.*[ \\t]expire[sd]?[ \\t]*[=:].*");

    private static final int FIELDS = 3;

    private final String file;
    private final List<Tokens.Entry> entries = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Set<String> hashes = new HashSet<>();

    /** @param file as faults name it */
    TokenLines(String file) {
        this.file = file;
    }

    /** What stands behind a hash. */
    private record Rest(@Nullable Instant expires, String label) {

        /** Empty if it has an expiry that is none: taken for a label it would make a token that is good for ever. */
        static Optional<Rest> of(String text) {
            if (!MEANT_AS_EXPIRY.matcher(text).matches()) {
                return Optional.of(new Rest(null, text));
            }
            String[] words = BLANKS.split(text, 2);
            String label = words.length == 2 ? words[1] : "";
            if (!words[0].startsWith(EXPIRES) || MEANT_AS_EXPIRY.matcher(label).matches()) {
                return Optional.empty();
            }
            try {
                return Optional.of(new Rest(Instant.parse(words[0].substring(EXPIRES.length())), label));
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }
    }

    List<Tokens.Entry> entries() {
        return entries;
    }

    List<Fault> faults() {
        return faults;
    }

    /** @param number of the line, from 1 */
    void add(String line, int number) {
        String[] fields = BLANKS.split(line, FIELDS);
        Optional<Scope> scope = Scope.of(fields[0]);
        if (scope.isEmpty()) {
            fault(number, "begins with no scope: write read or admin, then the token's SHA-256");
            return;
        }
        if (fields.length < 2 || !SHA_256.matcher(fields[1]).matches()) {
            fault(
                    number,
                    "has no SHA-256 in hex, of 64 digits: write the line that freshet serve-token prints, never the token");
            return;
        }
        String hex = fields[1].toLowerCase(Locale.ROOT);
        byte[] hash = HexFormat.of().parseHex(hex);
        if (MessageDigest.isEqual(hash, Sha256.bytes(""))) {
            fault(number, "has the SHA-256 of no text at all: write the line that freshet serve-token prints");
            return;
        }
        if (!hashes.add(hex)) {
            fault(number, "has the same token as a line above: keep one of them");
            return;
        }
        Optional<Rest> rest = Rest.of(fields.length == FIELDS ? fields[2] : "");
        if (rest.isEmpty()) {
            fault(
                    number,
                    "has an expiry that is none: write it in front of the label, as expires=2030-01-31T12:00:00Z");
            return;
        }
        String label =
                rest.get().label().isEmpty() ? "line " + number : rest.get().label();
        entries.add(new Tokens.Entry(hash, rest.get().expires(), new Holder(scope.get(), label)));
    }

    private void fault(int number, String cure) {
        faults.add(new Fault(file + " line " + number, null, cure));
    }
}
