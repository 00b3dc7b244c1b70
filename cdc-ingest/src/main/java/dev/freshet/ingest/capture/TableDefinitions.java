package dev.freshet.ingest.capture;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.freshet.runtime.hash.Sha256;

/**
 * What the source's catalogue says of the two tables, as far as the log depends on it: which tables, keys, replica
 * identities, the columns that are mapped, with their types, and what of all that is published. An ALTER TABLE rewrites rows, and an
 * ALTER PUBLICATION leaves changes out, without a word in the WAL.
 *
 * @param text one line for each, as {@code what: how}
 */
public record TableDefinitions(String text) {

    /** What our heartbeat says as long as they hold. Other deployments have other publications: theirs begins otherwise. */
    public String mark(Mapping mapping) {
        return markPrefix(mapping) + Sha256.of(text);
    }

    /** What a heartbeat of this mapping begins with. */
    public static String markPrefix(Mapping mapping) {
        return Sha256.of(mapping.toString()).substring(0, 16) + " ";
    }

    /** In words, how others differ from these. */
    public String difference(TableDefinitions others) {
        Map<String, String> was = lines();
        Map<String, String> is = others.lines();
        TreeSet<String> names = new TreeSet<>(was.keySet());
        names.addAll(is.keySet());
        String difference = names.stream()
                .filter(name -> !Objects.equals(was.get(name), is.get(name)))
                .map(name -> name + " was " + was.getOrDefault(name, "not there") + ", is "
                        + is.getOrDefault(name, "not there"))
                .collect(Collectors.joining("; "));
        return difference.isEmpty() ? "a table was altered, and altered back" : difference;
    }

    private Map<String, String> lines() {
        Map<String, String> lines = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int colon = line.lastIndexOf(": ");
            lines.put(colon < 0 ? line : line.substring(0, colon), colon < 0 ? "" : line.substring(colon + 2));
        });
        return lines;
    }
}
