package dev.freshet.ops.erase;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.config.IdType;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.avro.PlainAvro;
import dev.freshet.schemas.avro.UndecodableException;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureKey;

/**
 * A user, and what is of it among the entries of topics. Only keys name users, and the state's record of its progress; an entry whose
 * key cannot be read counts as the user's if its bytes hold the id in a form of four bytes or more.
 */
final class ErasedUser {
    private static final PlainAvro<ChangeKey> CHANGE_KEYS = FreshetAvro.changeKeys();
    private static final PlainAvro<FeatureKey> FEATURE_KEYS = FreshetAvro.featureKeys();

    /** What is shorter is found in nearly any bytes. */
    private static final int TELLING_BYTES = 4;

    private final Id id;
    private final IdType type;
    private final List<byte[]> forms;

    ErasedUser(Id id, IdType type) {
        this.id = id;
        this.type = type;
        byte[] key = FEATURE_KEYS.encode(new FeatureKey.User(id));
        // Avro's own form of the id stands behind two indexes of unions, a byte each.
        forms = Stream.of(id.bytes(), Arrays.copyOfRange(key, 2, key.length), text().getBytes(StandardCharsets.UTF_8))
                .filter(form -> form.length >= TELLING_BYTES)
                .toList();
    }

    Id id() {
        return id;
    }

    IdType type() {
        return type;
    }

    /** As PostgreSQL prints it. */
    String text() {
        return id.toString();
    }

    /** The key of its entries in a features topic. */
    byte[] featureKey() {
        return FEATURE_KEYS.encode(new FeatureKey.User(id));
    }

    /** The key of its reset in a change log. */
    byte[] resetKey() {
        return CHANGE_KEYS.encode(new ChangeKey.UserReset(id));
    }

    boolean hasChange(ConsumerRecord<byte[], byte[]> entry) {
        try {
            return entry.key() == null ? isHeld(entry) : isKeyOfChange(CHANGE_KEYS.decode(entry.key()));
        } catch (UndecodableException e) {
            return isHeld(entry);
        }
    }

    private boolean isKeyOfChange(ChangeKey key) {
        return key instanceof ChangeKey.Row row
                ? row.user().equals(id)
                : key instanceof ChangeKey.UserReset reset && reset.user().equals(id);
    }

    boolean hasFeatures(ConsumerRecord<byte[], byte[]> entry) {
        try {
            return entry.key() == null
                    ? isHeld(entry)
                    : FEATURE_KEYS.decode(entry.key()) instanceof FeatureKey.User user
                            && user.id().equals(id);
        } catch (UndecodableException e) {
            return isHeld(entry);
        }
    }

    /** Whether bytes that a change or features had as key name the user. */
    boolean isNamedBy(byte @Nullable [] key, boolean isOfChange) {
        if (key == null) {
            return false;
        }
        try {
            return isOfChange
                    ? isKeyOfChange(CHANGE_KEYS.decode(key))
                    : FEATURE_KEYS.decode(key) instanceof FeatureKey.User user
                            && user.id().equals(id);
        } catch (UndecodableException e) {
            return isHeldBy(key);
        }
    }

    /** Keys of users and of their orders begin with the user. */
    boolean hasState(ConsumerRecord<byte[], byte[]> entry) {
        return startsWith(entry.key(), 0);
    }

    /** A note begins with the user behind one byte; the progress itself may stand at a user. */
    boolean hasProgress(ConsumerRecord<byte[], byte[]> entry) {
        return startsWith(entry.key(), 1) || contains(entry.value(), id.bytes());
    }

    private boolean startsWith(byte @Nullable [] key, int from) {
        byte[] user = id.bytes();
        return key != null
                && key.length >= from + user.length
                && Arrays.equals(key, from, from + user.length, user, 0, user.length);
    }

    private boolean isHeld(ConsumerRecord<byte[], byte[]> entry) {
        return isHeldBy(entry.key()) || isHeldBy(entry.value());
    }

    /** Whether these, of whatever form they are, may name the user. */
    boolean isHeldBy(byte @Nullable [] bytes) {
        return forms.stream().anyMatch(form -> contains(bytes, form));
    }

    private static boolean contains(byte @Nullable [] bytes, byte[] part) {
        if (bytes == null) {
            return false;
        }
        for (int from = 0; from + part.length <= bytes.length; from++) {
            if (Arrays.equals(bytes, from, from + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
