package dev.freshet.streams.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.junit.jupiter.api.Test;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.Numeric;
import dev.freshet.schemas.catalogue.Catalogue;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;
import dev.freshet.schemas.feature.FeatureUpdate;

class FeatureEngineTest {
    private static final long NOW = 1_780_000_000_000_000L;

    private final Stores stores = MemoryStore.four();
    private final List<String> emitted = new ArrayList<>();
    private FeatureEngine engine = newEngine(1_000);
    private long offset;

    @Test
    void nothingIsEmittedBeforeTheSnapshotsEnd() {
        engine.restore(() -> 0);
        user(1);
        tick();
        assertThat(emitted).isEmpty();

        control(ChangeKey.Control.SNAPSHOT_END);
        tick();
        assertThat(emitted).containsExactly("row 1", "watermark");
    }

    @Test
    void nothingIsEmittedBeforeTheEndThatTheLogHadAtTheStart() {
        engine.restore(() -> 6);
        user(1);
        control(ChangeKey.Control.SNAPSHOT_END);
        tick();
        tick();
        tick();
        assertThat(emitted).isEmpty();

        tick();
        assertThat(emitted).containsExactly("row 1", "watermark");
    }

    @Test
    void aTickEmitsNoMoreThanASliceAndTheWatermarkWaitsForTheLast() {
        engine = newEngine(2);
        engine.restore(() -> 0);
        control(ChangeKey.Control.SNAPSHOT_END);
        tick();
        emitted.clear();
        for (int user = 1; user <= 5; user++) {
            user(user);
        }

        tick();
        assertThat(emitted).containsExactly("row 1", "row 2");
        tick();
        tick();
        assertThat(emitted).containsExactly("row 1", "row 2", "row 3", "row 4", "row 5", "watermark");
    }

    @Test
    void aKeyThatCannotBeReadHoldsTheWatermarkForGood() {
        engine.restore(() -> 0);
        control(ChangeKey.Control.SNAPSHOT_END);
        tick();
        engine.applyUnreadable();
        emitted.clear();

        user(1);
        tick();
        engine = newEngine(1_000);
        engine.restore(() -> 0);
        tick();

        assertThat(emitted).containsOnly("row 1");
    }

    @Test
    void aUserThatCameAndWentBetweenTwoTicksLeavesNothingBehind() {
        engine.restore(() -> 0);
        control(ChangeKey.Control.SNAPSHOT_END);
        tick();
        user(1);
        engine.apply(++offset, ChangeKey.user(Id.of(1)), new Change(0, 0, new Change.RowDeleted()));
        tick();

        assertThat(emitted).doesNotContain("row 1");
        assertThat(((MemoryStore) stores.users()).size()).isZero();
    }

    @Test
    void aResetOfAUserThatNobodyKnowsIsARemoval() {
        engine.restore(() -> 0);
        control(ChangeKey.Control.SNAPSHOT_END);
        tick();
        emitted.clear();

        reset(1);
        engine.restore(() -> 0);
        tick();

        assertThat(emitted).containsExactly("removal 1", "watermark");
        assertThat(((MemoryStore) stores.users()).size()).isZero();
    }

    @Test
    void aResetWithTheUserBehindItIsARowAndNoRemoval() {
        engine.restore(() -> 0);
        user(1);
        control(ChangeKey.Control.SNAPSHOT_END);
        tick();
        emitted.clear();

        reset(1);
        user(1);
        tick();

        assertThat(emitted).containsExactly("row 1", "watermark");
    }

    @Test
    void ofAnErasedUserARemovalIsToldThenANullAndNothingIsKept() {
        engine = newEngine(1_000);
        engine.restore(() -> 0);
        user(1);
        user(2);
        for (int order = 0; order < 100; order++) {
            order(1, order);
        }
        control(ChangeKey.Control.SNAPSHOT_END);
        tick();
        emitted.clear();

        erase(1);
        engine = newEngine(1_000);
        engine.restore(() -> 0);
        tick();
        tick();
        tick();

        assertThat(emitted).containsExactly("removal 1", "null 1", "watermark", "watermark", "watermark");
        assertThat(((MemoryStore) stores.users()).size()).isEqualTo(1);
        assertThat(((MemoryStore) stores.orders()).size()).isZero();
        assertThat(((MemoryStore) stores.timeline()).size()).isZero();
        assertThat(((MemoryStore) stores.progress()).size()).isEqualTo(1);
    }

    @Test
    void aUserWhoComesBackBeforeTheErasureIsToldIsARow() {
        engine.restore(() -> 0);
        user(1);
        control(ChangeKey.Control.SNAPSHOT_END);
        tick();
        emitted.clear();

        erase(1);
        user(1);
        tick();
        engine.apply(++offset, ChangeKey.user(Id.of(1)), null);
        tick();

        assertThat(emitted).containsExactly("row 1", "watermark", "removal 1", "watermark");
    }

    @Test
    void anErasureThatABuildReadsIsNotToldToAnybody() {
        engine.restore(() -> 0);
        user(1);
        erase(1);
        control(ChangeKey.Control.SNAPSHOT_END);
        tick();

        assertThat(emitted).containsExactly("watermark");
        assertThat(((MemoryStore) stores.users()).size()).isZero();
    }

    @Test
    void whatAResetTookOutOfUseIsDeletedInSlicesAndNothingElse() {
        engine = newEngine(7);
        engine.restore(() -> 0);
        for (int user = 1; user <= 3; user++) {
            user(user);
            for (int order = 0; order < 100; order++) {
                order(user, order);
            }
        }
        control(ChangeKey.Control.SNAPSHOT_END);
        tick();
        reset(2);
        user(2);
        for (int order = 0; order < 60; order++) {
            order(2, order);
        }
        assertThat(((MemoryStore) stores.orders()).size()).isEqualTo(100 + 100 + 60 + 100);

        int ticks = 0;
        while (((MemoryStore) stores.timeline()).size() > 260) {
            assertThat(ticks++).as("ticks until all is collected").isLessThan(2 * 100 / 7 + 10);
            engine.restore(() -> 0);
            tick();
        }
        for (int more = 0; more < 10; more++) {
            tick();
        }
        assertThat(((MemoryStore) stores.orders()).size()).isEqualTo(260);
        assertThat(((MemoryStore) stores.timeline()).size()).isEqualTo(260);
        assertThat(((MemoryStore) stores.progress()).size()).isEqualTo(1);
    }

    @Test
    void anEntryThatTheUsersStateAlreadyHoldsIsRefusedAndChangesNothing() {
        engine.restore(() -> 0);
        user(1);
        NavigableMap<byte[], byte[]> before = ((MemoryStore) stores.users()).snapshot();

        assertThatThrownBy(() -> engine.apply(offset, ChangeKey.user(Id.of(1)), null))
                .isInstanceOf(ForeignStateException.class)
                .hasMessageContaining("offset " + offset);
        assertThat(((MemoryStore) stores.users()).snapshot()).isEqualTo(before);
    }

    @Test
    void anEntryBeforeATickThatTheStateHasSeenIsRefused() {
        engine.restore(() -> 0);
        user(1);
        tick();

        assertThatThrownBy(() -> engine.apply(offset - 1, ChangeKey.user(Id.of(2)), null))
                .isInstanceOf(ForeignStateException.class);
    }

    private FeatureEngine newEngine(int slice) {
        return new FeatureEngine(Catalogue.standard(), stores, new Recorder(), slice);
    }

    private void user(long id) {
        engine.apply(++offset, ChangeKey.user(Id.of(id)), new Change(0, 0, new Change.UserRow()));
    }

    private void reset(long id) {
        engine.apply(++offset, new ChangeKey.UserReset(Id.of(id)), new Change(0, 0, Change.CONTROL));
    }

    private void erase(long id) {
        engine.apply(++offset, new ChangeKey.UserReset(Id.of(id)), null);
    }

    private void order(long user, long id) {
        Change.Body body = new Change.OrderRow(NOW - id, List.of(Numeric.of(BigDecimal.ONE)));
        engine.apply(++offset, ChangeKey.order(Id.of(user), Id.of(id)), new Change(0, 0, body));
    }

    private void tick() {
        control(ChangeKey.Control.TICK);
    }

    private void control(ChangeKey.Control control) {
        engine.apply(++offset, control, new Change(offset, NOW, Change.CONTROL));
    }

    private final class Recorder implements Emitter {
        @Override
        public void emit(Id user, FeatureUpdate update) {
            emitted.add((update instanceof FeatureUpdate.Row ? "row " : "removal ") + user);
        }

        @Override
        public void erase(Id user) {
            emitted.add("null " + user);
        }

        @Override
        public void emit(FeatureUpdate.Watermark watermark) {
            emitted.add("watermark");
        }
    }
}
