package dev.freshet.ingest.repair;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import dev.freshet.ingest.capture.Entry;
import dev.freshet.ingest.capture.EventReader;
import dev.freshet.ingest.capture.Mapping;
import dev.freshet.ingest.capture.ReplicaIdentity;
import dev.freshet.ingest.capture.TableDefinitions;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.config.TimeType;
import dev.freshet.runtime.filter.RowFilter;
import dev.freshet.schemas.Id;
import dev.freshet.schemas.change.Change;
import dev.freshet.schemas.change.ChangeKey;

class RepairDeskTest {
    private static final Id ANN = Id.of(1);
    private static final Id BOB = Id.of(2);
    private static final TableDefinitions TABLES = new TableDefinitions("");
    private static final Mapping MAPPING = new Mapping(
            new Mapping.SourceTable("public", "users"),
            "id",
            IdType.BIGINT,
            new Mapping.SourceTable("public", "orders"),
            new Mapping.OrderColumns("id", "user_id", "created_at", TimeType.TIMESTAMPTZ, List.of(), RowFilter.NONE),
            "p");

    private final RepairDesk desk =
            new RepairDesk(new EventReader(MAPPING, "x", ReplicaIdentity.FULL, TABLES, () -> TABLES));

    private static Entry.Mark mark(String token, boolean isEnd) {
        return new Entry.Mark(token, isEnd, isEnd ? 20 : 10, 5);
    }

    private CompletableFuture<Set<Id>> begun() {
        CompletableFuture<Set<Id>> replaced = desk.open("a");
        desk.offer(Map.of(ANN, List.of(), BOB, List.of()));
        return replaced;
    }

    private static Entry reset(Id user) {
        return new Entry.Reset(new ChangeKey.UserReset(user), new Change(20, 5, Change.CONTROL));
    }

    @Test
    void behindTheSecondMarkUsersThatDidNotChangeAreReplaced() {
        CompletableFuture<Set<Id>> replaced = begun();
        desk.changed(BOB); // before the first mark: the snapshot sees it
        assertThat(desk.passes(mark("a", false))).isEmpty();
        desk.changed(ANN);

        assertThat(desk.passes(mark("a", true))).containsExactly(reset(BOB));
        desk.changed(BOB);
        assertThat(replaced).isNotDone();
        desk.handled();
        assertThat(replaced).isCompletedWithValue(Set.of(BOB));
    }

    @Test
    void aTruncationIsAChangeOfEveryUser() {
        CompletableFuture<Set<Id>> replaced = begun();
        desk.passes(mark("a", false));
        desk.everyUserChanged();

        assertThat(desk.passes(mark("a", true))).isEmpty();
        desk.handled();
        assertThat(replaced).isCompletedWithValue(Set.of());
    }

    @Test
    void behindTheSecondMarkAUserThatDidNotChangeIsEnded() {
        Entry.Erasure erasure = new Entry.Erasure(ANN, List.of(ChangeKey.order(ANN, Id.of(7))));
        CompletableFuture<Set<Id>> ended = desk.open("a");
        desk.offer(erasure);
        desk.changed(ANN);
        desk.passes(mark("a", false));
        desk.changed(BOB);

        assertThat(desk.passes(mark("a", true))).containsExactly(erasure);
        desk.handled();
        assertThat(ended).isCompletedWithValue(Set.of(ANN));
    }

    @Test
    void aUserThatCameBackBetweenTheMarksIsNotEnded() {
        CompletableFuture<Set<Id>> ended = desk.open("a");
        desk.offer(new Entry.Erasure(ANN, List.of()));
        desk.passes(mark("a", false));
        desk.changed(ANN);

        assertThat(desk.passes(mark("a", true))).isEmpty();
        desk.handled();
        assertThat(ended).isCompletedWithValue(Set.of());
    }

    @Test
    void marksOfAnotherAttemptMeanNothing() {
        CompletableFuture<Set<Id>> replaced = begun();
        assertThat(desk.passes(mark("b", false))).isEmpty();
        assertThat(desk.passes(mark("b", true))).isEmpty();
        desk.handled();
        assertThat(replaced).isNotDone();
    }

    @Test
    void withoutTheFirstMarkNothingIsKnownOfWhatChanged() {
        begun();
        assertThat(desk.passes(mark("a", true))).isEmpty();
    }
}
