package dev.freshet.runtime.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads typed values by key: from the environment if it is there, else from the file. What cannot be read is a fault, and
 * the default stands in, so that the reading goes on. A key is known because it was asked for.
 */
final class Values {
    static final String ENVIRONMENT = "FRESHET_";

    private final Map<String, String> file;
    private final Map<String, String> environment;
    private final Faults faults;
    private final Set<String> known = new LinkedHashSet<>();
    private final Set<String> sections = new LinkedHashSet<>();
    private final Set<String> usedVariables = new LinkedHashSet<>();

    Values(Map<String, String> file, Map<String, String> environment, Faults faults) {
        this.file = file;
        this.environment = environment.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(ENVIRONMENT))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        this.faults = faults;
    }

    /** The variable that overrides a key: upper case, everything but letters and digits an underscore. */
    static String variable(String key) {
        return ENVIRONMENT + upperCase(key);
    }

    static String upperCase(String key) {
        return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    @Nullable
    String optional(String key) {
        known.add(key);
        String variable = variable(key);
        String overriding = environment.get(variable);
        if (overriding != null) {
            usedVariables.add(variable);
            return overriding;
        }
        return file.get(key);
    }

    private boolean isInEnvironment(String key) {
        return environment.containsKey(variable(key));
    }

    String text(String key, String byDefault) {
        String value = optional(key);
        return value == null ? byDefault : value;
    }

    /** The empty text after a fault. */
    String required(String key, String cure) {
        String value = optional(key);
        if (value == null || value.isBlank()) {
            faults.add(key, null, "is missing: " + cure + " (or set " + variable(key) + ")");
            return "";
        }
        return value;
    }

    int integer(String key, int byDefault) {
        String value = optional(key);
        if (value == null) {
            return byDefault;
        }
        try {
            return Integer.parseInt(value.replace("_", ""));
        } catch (NumberFormatException e) {
            faults.add(key, value, "write a whole number below 2^31, as " + byDefault);
            return byDefault;
        }
    }

    boolean flag(String key, boolean byDefault) {
        String value = optional(key);
        if (value == null) {
            return byDefault;
        }
        faults.require(value.equals("true") || value.equals("false"), key, value, "write true or false");
        return value.equals("true");
    }

    Duration millis(String key, int byDefault) {
        return Duration.ofMillis(integer(key, byDefault));
    }

    /** Null if it is not there, or no duration. */
    @Nullable
    Duration duration(String key) {
        String value = optional(key);
        if (value == null) {
            return null;
        }
        @Nullable Duration parsed = DurationText.parse(value).orElse(null);
        if (parsed == null) {
            faults.add(key, value, DurationText.FORM);
        }
        return parsed;
    }

    /**
     * The value of the key, or what is in the file that {@code <key>.file} names, without the line's end. What the
     * environment says in either way goes before what the file says in the other.
     *
     * @param mayBeReadable by every user of the machine
     */
    Secret secret(String key, boolean mayBeReadable) {
        String given = optional(key);
        String path = optional(key + ".file");
        boolean isGivenAbove = isInEnvironment(key);
        boolean isNamedAbove = isInEnvironment(key + ".file");
        if (path == null || (isGivenAbove && !isNamedAbove)) {
            return given == null ? Secret.NONE : new Secret(given);
        }
        if (given != null && isGivenAbove == isNamedAbove) {
            faults.add(key + ".file", path, key + " is set too: remove one of them");
        }
        return SecretFile.read(faults, key + ".file", path, mayBeReadable);
    }

    /**
     * All keys below a prefix, which are the user's to choose.
     *
     * @param fromVariable the key that the rest of a variable's name stands for
     */
    Map<String, String> below(String prefix, Function<String, String> fromVariable) {
        sections.add(prefix);
        Map<String, String> found = new LinkedHashMap<>();
        file.forEach((key, value) -> {
            if (key.startsWith(prefix + ".")) {
                found.put(key.substring(prefix.length() + 1), text(key, value));
            }
        });
        String variables = variable(prefix) + "_";
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(variables) && usedVariables.add(name)) {
                found.put(fromVariable.apply(name.substring(variables.length())), text(environment, name));
            }
        }
        return found;
    }

    private static String text(Map<String, String> from, String key) {
        return from.getOrDefault(key, "");
    }

    /** How many sections a list has. */
    int count(String list) {
        int count = 0;
        while (hasBelow(list + "." + count)) {
            count++;
        }
        return count;
    }

    private boolean hasBelow(String prefix) {
        String variables = variable(prefix) + "_";
        return file.keySet().stream().anyMatch(key -> key.startsWith(prefix + "."))
                || environment.keySet().stream().anyMatch(name -> name.startsWith(variables));
    }

    /** A fault for each key of the file that nobody asked for. Call it last. */
    void refuseUnknown() {
        for (Map.Entry<String, String> entry : file.entrySet()) {
            if (!known.contains(entry.getKey())) {
                faults.add(
                        entry.getKey(),
                        null,
                        "is not known: "
                                + Nearest.to(entry.getKey(), known)
                                        .map(near -> "did you mean " + near + "?")
                                        .orElse("remove it"));
            }
        }
    }

    /** The keys that the file itself sets. */
    Set<String> inFile() {
        return Set.copyOf(file.keySet());
    }

    /** Every key that was asked for. */
    Set<String> known() {
        return Set.copyOf(known);
    }

    /** Every section whose keys are the user's to choose. */
    Set<String> sections() {
        return Set.copyOf(sections);
    }

    /** A line for each variable that looks like ours and was not asked for. Call it last. */
    List<String> strayVariables() {
        Set<String> unused = new HashSet<>(environment.keySet());
        unused.removeAll(usedVariables);
        return StrayVariables.among(unused, known.stream().map(Values::variable).toList());
    }
}
