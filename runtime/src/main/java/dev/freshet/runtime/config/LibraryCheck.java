package dev.freshet.runtime.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Asks a library, before anything is started or touched, whether it would start with what is passed on to it. Without, it
 * would say so late, in its own words, and after others have started.
 *
 * @param section which the properties are from, as {@code kafka.properties}
 * @param refusals what to do about each that it would not take, by its key; a key that is not among the properties is
 *     missing, and an empty one stands for all of them
 */
public record LibraryCheck(String section, Refusals refusals) {
    /** Finds what a library would refuse. */
    @FunctionalInterface
    public interface Refusals {
        /** Of these properties. */
        Map<String, String> of(Map<String, String> properties);
    }

    /** @throws ConfigException if it would refuse any of them */
    public void require(Map<String, String> properties) {
        Faults faults = new Faults();
        check(faults, properties);
        faults.throwIfAny();
    }

    void check(Faults faults, Map<String, String> properties) {
        refusals.of(properties)
                .forEach((key, cure) ->
                        faults.add(key.isEmpty() ? section : section + "." + key, properties.get(key), cure));
    }

    /**
     * What is found by giving properties to a library, and, as long as it refuses one, the rest of them.
     *
     * @param library its name, for messages
     * @param attempt throws whatever the library throws
     */
    public static Map<String, String> attempt(
            String library, Map<String, String> properties, Consumer<Map<String, String>> attempt) {
        Map<String, String> left = new HashMap<>(properties);
        Map<String, String> refused = new LinkedHashMap<>();
        while (true) {
            try {
                attempt.accept(Map.copyOf(left));
                return refused;
            } catch (RuntimeException e) {
                Map.Entry<String, String> one = refusal(library, left, e);
                refused.put(one.getKey(), one.getValue());
                if (left.remove(one.getKey()) == null) {
                    return refused;
                }
            }
        }
    }

    /** What a library says of these properties by a failure: which one it names, or an empty key, and what to do about it. */
    public static Map.Entry<String, String> refusal(
            String library, Map<String, String> properties, RuntimeException failure) {
        return Map.entry(
                blamed(properties, failure).orElse(""),
                "write what " + library + " takes" + words(properties, failure));
    }

    /** The one that is named, or else the one whose value is. */
    private static Optional<String> blamed(Map<String, String> properties, Throwable failure) {
        String said = String.join("\n", messages(failure));
        return longest(properties.keySet().stream().filter(key -> holds(said, key)))
                .or(() -> longest(properties.entrySet().stream()
                        .filter(entry -> holds(said, entry.getValue()))
                        .map(Map.Entry::getKey)));
    }

    private static boolean holds(String text, String word) {
        return !word.isBlank()
                && Pattern.compile("(?<![\\w.-])" + Pattern.quote(word) + "(?![\\w-]|\\.\\w)")
                        .matcher(text)
                        .find();
    }

    private static Optional<String> longest(Stream<String> keys) {
        return keys.sorted().reduce((one, other) -> other.length() > one.length() ? other : one);
    }

    /** The innermost message, which is the one closest to the cause, unless it repeats a secret. */
    private static String words(Map<String, String> properties, Throwable failure) {
        List<String> messages = messages(failure);
        if (messages.isEmpty()) {
            return "";
        }
        String last = messages.get(messages.size() - 1);
        boolean tells = properties.entrySet().stream()
                .anyMatch(entry -> SecretKeys.matches(entry.getKey()) && last.contains(entry.getValue()));
        return tells ? "" : ": " + last;
    }

    private static List<String> messages(Throwable failure) {
        List<String> messages = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                messages.add(cause.getMessage());
            }
        }
        return messages;
    }
}
