package dev.freshet.ops.erase;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.deadletters.DeadLetters.Fate;
import dev.freshet.ops.deadletters.StoredLetter;
import dev.freshet.runtime.config.IdType;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureKey;
import dev.freshet.schemas.record.DeadLetter;

class UserLettersTest {
    private static final Id ANN = Id.of(300);
    private static final Id BOB = Id.of(301);

    private final UserLetters letters = new UserLetters(new ErasedUser(ANN, IdType.BIGINT), "user_id");

    private Fate fate(String stage, ChangeKey.@Nullable Row row, byte[] key, String value) {
        DeadLetter letter = new DeadLetter(1, stage, "", "", row, key, value.getBytes(UTF_8), 0);
        return letters.fate(record(key, value.getBytes(UTF_8)), new StoredLetter(7, letter));
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] key, byte[] value) {
        return new ConsumerRecord<>("t", 0, 7, key, value);
    }

    @Test
    void theUsersOwnIsDroppedAndThatOfAnotherWhoseOrderWasTheUsersIsBlanked() {
        byte[] key = "{\"id\":300}".getBytes(UTF_8);
        String moved = "{\"before\":{\"id\":1,\"user_id\":300},\"after\":{\"id\":1,\"user_id\":301}}";
        assertThat(fate("ingest", ChangeKey.order(ANN, Id.of(1)), key, "{}")).isEqualTo(Fate.DROPPED);
        assertThat(fate("ingest", ChangeKey.order(BOB, Id.of(1)), key, moved)).isEqualTo(Fate.BLANKED);
        assertThat(fate("ingest", null, key, moved)).isEqualTo(Fate.BLANKED);
        assertThat(fate("ingest", ChangeKey.order(BOB, ANN), key, "{\"after\":{\"id\":300,\"user_id\":301}}"))
                .isEqualTo(Fate.KEPT);
    }

    @Test
    void ofStreamsAndSinkTheKeyTells() {
        byte[] reset = FreshetAvro.changeKeys().encode(new ChangeKey.UserReset(ANN));
        byte[] other = FreshetAvro.changeKeys().encode(new ChangeKey.UserReset(BOB));
        byte[] features = FreshetAvro.featureKeys().encode(new FeatureKey.User(ANN));
        assertThat(fate("streams", null, reset, "x")).isEqualTo(Fate.BLANKED);
        assertThat(fate("streams", null, other, "x")).isEqualTo(Fate.KEPT);
        assertThat(fate("sink", null, features, "x")).isEqualTo(Fate.BLANKED);
        assertThat(fate("sink", null, new byte[] {99}, "x")).isEqualTo(Fate.KEPT);
    }

    @Test
    void aShortIdIsNotFoundInBytesThatNobodyCanRead() {
        UserLetters ofOne = new UserLetters(new ErasedUser(Id.of(1), IdType.BIGINT), "user_id");
        byte[] bytes = {2, '1', 0};
        assertThat(ofOne.fate(record(bytes, bytes), new StoredLetter(7, null))).isEqualTo(Fate.KEPT);
        assertThat(ofOne.fate(record(bytes, Id.of(1).bytes()), new StoredLetter(7, null)))
                .isEqualTo(Fate.DROPPED);
    }

    @Test
    void whatIsNoLetterIsTheUsersIfItsBytesHoldTheId() {
        assertThat(letters.fate(record(new byte[] {9}, ANN.bytes()), new StoredLetter(7, null)))
                .isEqualTo(Fate.DROPPED);
        assertThat(letters.fate(record(new byte[] {9}, BOB.bytes()), new StoredLetter(7, null)))
                .isEqualTo(Fate.KEPT);
    }
}
