package dev.freshet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

import dev.freshet.ops.erase.Erasure.Removed;
import dev.freshet.ops.erase.Proof;

/** An erasure for people and for programs. */
final class EraseText {
    private EraseText() {}

    static String line(String user, Removed removed) {
        String line = "user %s: %,d entries, %,d rows and %,d dead letters removed"
                .formatted(user, removed.entries(), removed.rows(), removed.letters());
        return removed.blanked() == 0
                ? line
                : line
                        + "; %,d dead letters of others, which named the user, kept without their bytes"
                                .formatted(removed.blanked());
    }

    /** What is left, place by place, and the sum of it. */
    static List<String> lines(Proof proof) {
        int width = proof.places().stream()
                .mapToInt(place -> place.name().length())
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        lines.add(("%-" + Math.max(1, width) + "s  %14s  %6s").formatted("place", "read", "found"));
        for (Proof.Place place : proof.places()) {
            lines.add(("%-" + width + "s  %,14d  %,6d").formatted(place.name(), place.read(), place.found()));
        }
        lines.add(proof.found() == 0 ? "nothing is left" : "%,d are left".formatted(proof.found()));
        return lines;
    }

    static ObjectNode json(String user, Removed removed) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("user", user);
        root.putObject("removed")
                .put("entries", removed.entries())
                .put("rows", removed.rows())
                .put("dead_letters", removed.letters())
                .put("blanked_dead_letters", removed.blanked());
        return root;
    }

    static ObjectNode json(Proof proof) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("found", proof.found());
        ArrayNode places = root.putArray("places");
        for (Proof.Place place : proof.places()) {
            places.addObject()
                    .put("name", place.name())
                    .put("read", place.read())
                    .put("found", place.found());
        }
        return root;
    }
}
