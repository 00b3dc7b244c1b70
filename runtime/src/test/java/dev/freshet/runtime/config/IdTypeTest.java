package dev.freshet.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.schemas.Id;

class IdTypeTest {
    @Test
    void whatPostgresPrintsIsAnId() {
        assertThat(IdType.BIGINT.id("-9223372036854775808")).contains(Id.of(Long.MIN_VALUE));
        assertThat(IdType.UUID.id("00000000-0000-0000-0000-00000000000f"))
                .contains(Id.of("00000000-0000-0000-0000-00000000000f"));
        assertThat(IdType.TEXT.id("")).contains(Id.of(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "+1", "01", "-0", "9223372036854775808"})
    void aNumberIsPrintedInOneWay(String text) {
        assertThat(IdType.BIGINT.id(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "00000000-0000-0000-0000-00000000000F", "{00000000-0000-0000-0000-00000000000f}"})
    void aUuidIsPrintedInOneWay(String text) {
        assertThat(IdType.UUID.id(text)).isEmpty();
    }

    @Test
    void aTextHasNoZeroByte() {
        assertThat(IdType.TEXT.id("a\0b")).isEmpty();
    }
}
