package dev.freshet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

import dev.freshet.ops.deadletters.StoredLetter;
import dev.freshet.runtime.time.Micros;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.record.DeadLetter;

/** Dead letters for people and for programs. Of what was in a record only bytes are shown, and not too many. */
final class LetterText {
    private LetterText() {}

    static String line(StoredLetter stored) {
        DeadLetter letter = stored.letter();
        return letter == null
                ? stored.id() + "  not a dead letter"
                : "%d  %s  g%d %s  %s  %s: %s"
                        .formatted(
                                stored.id(),
                                Micros.toInstant(letter.metAt()),
                                letter.generation(),
                                letter.stage(),
                                row(letter),
                                letter.place(),
                                letter.reason());
    }

    /** @param limit of the bytes that are shown */
    static List<String> lines(StoredLetter stored, int limit) {
        List<String> lines = new ArrayList<>();
        lines.add(line(stored));
        DeadLetter letter = stored.letter();
        if (letter != null) {
            lines.add("  key    " + hex(letter.key(), limit));
            lines.add("  value  " + hex(letter.value(), limit));
        }
        return lines;
    }

    private static String row(DeadLetter letter) {
        return letter.row() == null
                ? "no user"
                : "user " + letter.row().user() + ", " + table(letter.row()) + " "
                        + letter.row().row();
    }

    private static String table(ChangeKey.Row row) {
        return row.table().name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String hex(byte @Nullable [] bytes, int limit) {
        if (bytes == null) {
            return "none";
        }
        String shown = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, limit));
        return bytes.length <= limit ? shown : shown + " ... of " + bytes.length + " bytes";
    }

    /** @param limit of the bytes that are shown; negative for none */
    static ObjectNode json(StoredLetter stored, int limit) {
        ObjectNode node = new ObjectMapper().createObjectNode().put("id", stored.id());
        DeadLetter letter = stored.letter();
        if (letter == null) {
            return node.putNull("reason");
        }
        node.put("generation", letter.generation());
        node.put("process", letter.stage());
        node.put("met_at", Micros.toInstant(letter.metAt()).toString());
        node.put("place", letter.place());
        node.put("reason", letter.reason());
        if (letter.row() != null) {
            node.put("table", table(letter.row()));
            node.put("user_id", letter.row().user().toString());
            node.put("row_id", letter.row().row().toString());
        }
        if (limit >= 0) {
            node.put("key", hex(letter.key(), limit));
            node.put("value", hex(letter.value(), limit));
        }
        return node;
    }
}
