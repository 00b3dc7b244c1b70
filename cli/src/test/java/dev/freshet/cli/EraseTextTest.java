package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

import dev.freshet.ops.erase.Erasure.Removed;
import dev.freshet.ops.erase.Proof;
import dev.freshet.ops.erase.Proof.Place;

class EraseTextTest {
    @Test
    void whatWasRemovedIsALine() {
        assertThat(EraseText.line("7", new Removed(1_200, 3, 0, 0)))
                .isEqualTo("user 7: 1,200 entries, 3 rows and 0 dead letters removed");
        assertThat(EraseText.line("7", new Removed(1, 0, 2, 1)))
                .endsWith(
                        "2 dead letters removed; 1 dead letters of others, which named the user, kept without their bytes");
    }

    @Test
    void aProofSaysOfEachPlaceWhatWasReadAndFound() {
        Proof nothing = new Proof(List.of(new Place("topic a", 12_000, 0), new Place("table bb", 5, 0)));
        assertThat(EraseText.lines(nothing))
                .containsExactly(
                        "place               read   found",
                        "topic a           12,000       0",
                        "table bb               5       0",
                        "nothing is left");
        Proof something = new Proof(List.of(new Place("topic a", 12_000, 2)));
        assertThat(EraseText.lines(something)).endsWith("2 are left");
        assertThat(EraseText.json(something).toString())
                .isEqualTo("{\"found\":2,\"places\":[{\"name\":\"topic a\",\"read\":12000,\"found\":2}]}");
    }
}
