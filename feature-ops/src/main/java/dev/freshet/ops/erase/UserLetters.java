package dev.freshet.ops.erase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import dev.freshet.ops.deadletters.DeadLetters.Fate;
import dev.freshet.ops.deadletters.StoredLetter;
import dev.freshet.schemas.record.DeadLetter;

/**
 * Which dead letters are of the user. One of another user, whose bytes name this one because an order went from one to the other, is
 * kept without its bytes.
 */
final class UserLetters {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ErasedUser user;
    private final String column;

    /** @param column of the orders, that names their user */
    UserLetters(ErasedUser user, String column) {
        this.user = user;
        this.column = column;
    }

    Fate fate(ConsumerRecord<byte[], byte[]> record, StoredLetter stored) {
        DeadLetter letter = stored.letter();
        if (letter == null) {
            return user.isHeldBy(record.key()) || user.isHeldBy(record.value()) ? Fate.DROPPED : Fate.KEPT;
        }
        if (letter.row() != null && letter.row().user().equals(user.id())) {
            return Fate.DROPPED;
        }
        // Of a row that is not the user's, or nobody knows whose: it may be in the source still.
        return isNamed(letter) ? Fate.BLANKED : Fate.KEPT;
    }

    private boolean isNamed(DeadLetter letter) {
        return switch (letter.stage()) {
            case "ingest" -> isNamedInJson(letter.key()) || isNamedInJson(letter.value());
            case "streams" -> letter.row() == null && user.isNamedBy(letter.key(), true);
            default -> letter.row() == null && user.isNamedBy(letter.key(), false);
        };
    }

    private boolean isNamedInJson(byte @Nullable [] json) {
        if (json == null) {
            return false;
        }
        try {
            return isNamedIn(JSON.readTree(json));
        } catch (IOException e) {
            return user.isHeldBy(json);
        }
    }

    private boolean isNamedIn(JsonNode node) {
        JsonNode named = node.get(column);
        if (named != null && named.isValueNode() && named.asText().equals(user.text())) {
            return true;
        }
        for (JsonNode child : node) {
            if (isNamedIn(child)) {
                return true;
            }
        }
        return false;
    }
}
