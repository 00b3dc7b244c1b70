package dev.freshet.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdTest {
    private static final List<Id> IN_ORDER = List.of(
            Id.of(Long.MIN_VALUE),
            Id.of(-1),
            Id.of(0),
            Id.of(1),
            Id.of(256),
            Id.of(Long.MAX_VALUE),
            Id.of(""),
            Id.of("a"),
            Id.of("a\u0001"),
            Id.of("ab"),
            Id.of("\u00fc"),
            Id.of("\ud83d\ude00"));

    @Test
    void bytesSortAsIdsDo() {
        for (int i = 1; i < IN_ORDER.size(); i++) {
            byte[] smaller = IN_ORDER.get(i - 1).bytes();
            byte[] greater = IN_ORDER.get(i).bytes();
            assertThat(Arrays.compareUnsigned(smaller, greater))
                    .as("%s before %s", IN_ORDER.get(i - 1), IN_ORDER.get(i))
                    .isNegative();
        }
    }

    @Test
    void bytesAreReadBackAndTheRestIsLeft() {
        for (Id id : IN_ORDER) {
            ByteBuffer buffer = ByteBuffer.allocate(64).put(id.bytes()).put((byte) 42);
            buffer.flip();
            assertThat(Id.read(buffer)).isEqualTo(id);
            assertThat(buffer.get()).isEqualTo((byte) 42);
        }
    }

    @Test
    void noIdsBytesBeginAnothers() {
        for (Id one : IN_ORDER) {
            for (Id other : IN_ORDER) {
                if (!one.equals(other)) {
                    int shorter = Math.min(one.bytes().length, other.bytes().length);
                    assertThat(Arrays.mismatch(one.bytes(), other.bytes())).isLessThan(shorter);
                }
            }
        }
    }

    @Test
    void partitionOfAUserIsPinned() {
        // A change here moves users between partitions of a running generation.
        assertThat(UserPartition.of(Id.of(1), 8)).isEqualTo(PARTITION_OF_1);
        assertThat(UserPartition.of(Id.of("0c9d3b1e-6c1c-4a5f-9d6e-2f4f8c6d7a10"), 8))
                .isEqualTo(PARTITION_OF_UUID);
    }

    private static final int PARTITION_OF_1 = 2;
    private static final int PARTITION_OF_UUID = 2;

    @Test
    void aTextIdCannotContainTheEndMark() {
        assertThatThrownBy(() -> Id.of("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }
}
