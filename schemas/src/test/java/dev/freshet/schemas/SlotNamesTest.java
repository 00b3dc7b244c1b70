package dev.freshet.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By its name a slot is found again, and dropped: never another deployment's. */
class SlotNamesTest {
    private final Names names = new Names("shop");

    @Test
    void eachLogHasASlotOfItsOwnThatIsFoundByItsName() {
        for (int log : new int[] {1, 2, 10, 999_999_999}) {
            assertThat(names.logOfSlot(names.slot(log))).as("%d", log).hasValue(log);
        }
        assertThat(names.slot(1)).as("as it was when it was the only one").isEqualTo("shop_slot");
        assertThat(names.slot(2)).isEqualTo("shop_slot_g2");
        assertThat(names.ingestTransactions(1)).isEqualTo("shop.ingest");
        assertThat(names.ingestTransactions(2)).isEqualTo("shop.ingest.g2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop_slot_g",
                "shop_slot_g0",
                "shop_slot_g02",
                "shop_slot_g2_slot",
                "shop_slot_g2_slot_g3",
                "shop_two_slot",
                "a_shop_slot",
                "a_shop_slot_g2",
                "shop_slot_g-1",
                "shop_slot_g9999999999",
                "shopslot",
                "shop_slot2"
            })
    void anothersIsNot(String slot) {
        assertThat(names.logOfSlot(slot)).isEmpty();
    }

    @Test
    void theLongestNameLeavesRoomForTheNumber() {
        assertThat(new Names("a".repeat(40)).slot(999_999_999)).hasSizeLessThan(64);
    }
}
