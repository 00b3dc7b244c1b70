package dev.freshet.serving.export;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The columns of the labels, in their order. In DuckDB they are c0, c1 and so on, whatever they are called.
 *
 * @param types in DuckDB's words
 */
record LabelColumns(List<String> names, List<String> types) {
    static final String USER = "user_id";
    static final String TIME = "label_time";

    /** @throws ExportRefusedException with all that is wrong with the names */
    void check(String labels, List<String> added) {
        List<String> faults = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        added.forEach(name -> taken.add(folded(name)));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.isBlank()) {
                faults.add("column " + (i + 1) + " has no name");
            } else if (!seen.add(folded(name))) {
                faults.add("there are two columns " + name + ": rename one");
            } else if (taken.contains(folded(name))) {
                faults.add("column " + name + " has the name of a feature that is added: rename it");
            }
        }
        for (String needed : List.of(USER, TIME)) {
            if (!names.contains(needed)) {
                faults.add("there is no column " + needed + hint());
            }
        }
        if (!faults.isEmpty()) {
            throw new ExportRefusedException("--labels " + labels + ": " + String.join("; ", faults));
        }
    }

    /** Parquet's readers, as SQL's, tell names apart by more than their case at best. */
    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private String hint() {
        if (names.size() == 1 && (names.get(0).contains(";") || names.get(0).contains("\t"))) {
            return " (the first line is one column: write commas between the cells)";
        }
        return names.stream().anyMatch(name -> name.matches("[0-9].*"))
                ? " (the first line has to name the columns)"
                : " (there are: " + shown() + ")";
    }

    private String shown() {
        String all = String.join(", ", names);
        return all.length() <= 200 ? all : all.substring(0, 200) + "...";
    }

    /** The column in DuckDB. */
    String column(String name) {
        return "c" + names.indexOf(name);
    }

    String type(String name) {
        return types.get(names.indexOf(name));
    }
}
