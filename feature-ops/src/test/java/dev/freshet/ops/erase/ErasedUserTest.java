package dev.freshet.ops.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.IdType;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.avro.FreshetAvro;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureKey;

class ErasedUserTest {
    private static final Id ANN = Id.of(300);
    private static final Id BOB = Id.of(301);

    private final ErasedUser ann = new ErasedUser(ANN, IdType.BIGINT);

    private static ConsumerRecord<byte[], byte[]> entry(byte[] key, byte[] value) {
        return new ConsumerRecord<>("t", 0, 0, key, value);
    }

    private boolean hasChange(ChangeKey key) {
        return ann.hasChange(entry(FreshetAvro.changeKeys().encode(key), ANN.bytes()));
    }

    private boolean hasFeatures(FeatureKey key) {
        return ann.hasFeatures(entry(FreshetAvro.featureKeys().encode(key), ANN.bytes()));
    }

    @Test
    void aChangeIsOfTheUserThatItsKeyNames() {
        assertThat(hasChange(ChangeKey.user(ANN))).isTrue();
        assertThat(hasChange(ChangeKey.order(ANN, Id.of(1)))).isTrue();
        assertThat(hasChange(new ChangeKey.UserReset(ANN))).isTrue();
        assertThat(hasChange(ChangeKey.user(BOB))).isFalse();
        assertThat(hasChange(ChangeKey.order(BOB, ANN))).isFalse();
        assertThat(hasChange(new ChangeKey.UserReset(BOB))).isFalse();
        assertThat(hasChange(ChangeKey.Control.TICK)).isFalse();
    }

    @Test
    void featuresAreOfTheUserThatTheirKeyNames() {
        assertThat(hasFeatures(new FeatureKey.User(ANN))).isTrue();
        assertThat(hasFeatures(new FeatureKey.User(BOB))).isFalse();
        assertThat(hasFeatures(new FeatureKey.Partition(300))).isFalse();
    }

    @Test
    void anEntryThatCannotBeReadIsTheUsersIfItsBytesHoldTheIdInAFormThatTells() {
        byte[] unreadable = {99, 98};
        byte[] avro = {7, (byte) 0xA2, (byte) 0xF8, (byte) 0x82, (byte) 0xAD, 0x16, 7
        }; // twice the id, seven bits a byte
        byte[] text = "user 3000000017".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        ErasedUser big = new ErasedUser(Id.of(3_000_000_017L), IdType.BIGINT);
        assertThat(big.hasChange(entry(unreadable, unreadable))).isFalse();
        assertThat(big.hasChange(entry(unreadable, avro))).isTrue();
        assertThat(big.hasChange(entry(null, avro))).isTrue();
        assertThat(big.hasFeatures(entry(unreadable, text))).isTrue();
        assertThat(ann.hasFeatures(entry(unreadable, ANN.bytes()))).isTrue();
        assertThat(ann.hasFeatures(entry(unreadable, BOB.bytes()))).isFalse();
    }

    @Test
    void stateIsOfTheUserThatItsKeyBeginsWith() {
        byte[] order = ByteBuffer.allocate(18).put(ANN.bytes()).put(BOB.bytes()).array();
        byte[] foreign =
                ByteBuffer.allocate(18).put(BOB.bytes()).put(ANN.bytes()).array();
        assertThat(ann.hasState(entry(ANN.bytes(), null))).isTrue();
        assertThat(ann.hasState(entry(order, null))).isTrue();
        assertThat(ann.hasState(entry(foreign, ANN.bytes()))).isFalse();
    }

    @Test
    void aNoteOfGarbageAndAProgressThatStandsAtTheUserAreTheUsers() {
        byte[] note = ByteBuffer.allocate(10).put((byte) 2).put(ANN.bytes()).array();
        byte[] progress = ByteBuffer.allocate(12).put((byte) 5).put(ANN.bytes()).array();
        assertThat(ann.hasProgress(entry(note, new byte[0]))).isTrue();
        assertThat(ann.hasProgress(entry(new byte[] {0}, progress))).isTrue();
        assertThat(ann.hasProgress(entry(new byte[] {0}, BOB.bytes()))).isFalse();
    }

    @Test
    void ofTextsNoneIsTheBeginningOfAnother() {
        ErasedUser a = new ErasedUser(Id.of("a"), IdType.TEXT);
        assertThat(a.hasState(entry(Id.of("a").bytes(), null))).isTrue();
        assertThat(a.hasState(entry(Id.of("ab").bytes(), null))).isFalse();
        assertThat(a.hasChange(entry(FreshetAvro.changeKeys().encode(ChangeKey.user(Id.of("a"))), null)))
                .isTrue();
    }
}
