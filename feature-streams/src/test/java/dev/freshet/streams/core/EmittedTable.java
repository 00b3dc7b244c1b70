package dev.freshet.streams.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import dev.freshet.schemas.Id;
import dev.freshet.schemas.feature.FeatureUpdate;
import dev.freshet.schemas.feature.FeatureUpdate.Watermark;
import dev.freshet.testkit.oracle.Oracle;
import dev.freshet.testkit.oracle.Truth;

/** What an engine has emitted, every entry of it checked against the oracle in the moment it is emitted. */
final class EmittedTable implements Emitter {
    private final Oracle oracle;

    /** The last entry of each user. */
    private final Map<Id, FeatureUpdate> entries = new LinkedHashMap<>();

    /** By user: the offset of each of its changes that no watermark covers yet, and whether the user existed then. */
    private final Map<Id, NavigableMap<Long, Boolean>> uncovered = new LinkedHashMap<>();

    /** The tick that is being applied. */
    private Tick now = Tick.NONE;

    /** The last watermark. */
    Watermark watermark = new Watermark(-1, Tick.NONE.time(), 0);

    int emissions;

    /** Whether what is emitted is lost: the output of an execution that never commits. */
    boolean isMuted;

    EmittedTable(Oracle oracle) {
        this.oracle = oracle;
    }

    void ticking(Tick tick) {
        now = tick;
    }

    void touched(Id user, long offset) {
        uncovered.computeIfAbsent(user, none -> new TreeMap<>()).put(offset, oracle.hasUser(user));
    }

    @Override
    public void emit(Id user, FeatureUpdate update) {
        if (isMuted) {
            return;
        }
        emissions++;
        assertThat(update.version()).as("version is the tick's offset").isEqualTo(now.offset());
        assertThat(update.computedAt()).as("computed_at is the clock").isEqualTo(now.time());
        Truth claimed = update instanceof FeatureUpdate.Row row ? Truth.claimedBy(row) : null;
        assertThat(claimed).as("user %s at %s", user, now).isEqualTo(oracle.at(user, now.time()));
        FeatureUpdate before = entries.put(user, update);
        if (before != null) {
            assertThat(before.version()).as("versions of user %s rise", user).isLessThan(update.version());
        }
    }

    @Override
    public void erase(Id user) {
        if (isMuted) {
            return;
        }
        emissions++;
        assertThat(entries.get(user))
                .as("what stands before the end of user %s", user)
                .isEqualTo(new FeatureUpdate.Removal(now.offset(), now.time()));
    }

    @Override
    public void emit(Watermark next) {
        if (isMuted) {
            return;
        }
        assertThat(next.version()).as("watermarks rise").isGreaterThan(watermark.version());
        assertThat(next.version()).as("a watermark is a tick that was read").isLessThanOrEqualTo(now.offset());
        assertThat(next.lsn()).as("lsn of the tick").isEqualTo(Rig.lsnOf(next.version()));
        assertThat(next.computedAt()).isBetween(watermark.computedAt(), now.time());
        watermark = next;
        uncovered.forEach((user, changes) -> {
            changes.headMap(next.version()).forEach((offset, existed) -> assertEmittedSince(user, offset, existed));
            changes.headMap(next.version()).clear();
        });
        entries.forEach((user, update) -> {
            if (update instanceof FeatureUpdate.Row row && row.exactUntil() != null) {
                assertThat(row.exactUntil())
                        .as("user %s was due at or before %s", user, next)
                        .isGreaterThan(next.computedAt());
            }
        });
    }

    private void assertEmittedSince(Id user, long offset, boolean existed) {
        FeatureUpdate last = entries.get(user);
        boolean isEmittedSince = last != null && last.version() > offset;
        boolean isRightlyAbsent = !existed && !(last instanceof FeatureUpdate.Row);
        boolean isErasedUnseen = last == null && !oracle.hasUser(user); // before anything was emitted
        assertThat(isEmittedSince || isRightlyAbsent || isErasedUnseen)
                .as("user %s changed at %d, and %s covers it; last emitted: %s", user, offset, watermark, last)
                .isTrue();
    }

    /** The user's row is the truth now. */
    void assertRight(Id user) {
        Truth claimed = entries.get(user) instanceof FeatureUpdate.Row row ? Truth.claimedBy(row) : null;
        assertThat(claimed).as("row of user %s at %s", user, now).isEqualTo(oracle.at(user, now.time()));
    }

    void assertAllRight() {
        oracle.users().forEach(this::assertRight);
        entries.keySet().forEach(this::assertRight);
    }

    Map<Id, FeatureUpdate> entries() {
        return entries;
    }
}
