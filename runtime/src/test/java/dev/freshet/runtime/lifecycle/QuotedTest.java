package dev.freshet.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {
    @Test
    void whatIsBetweenTheFirstAndTheLastQuoteIsTheText() {
        assertThat(Quoted.of("relation \"orders\" is not at C:\\data"))
                .hasToString("\"relation \\\"orders\\\" is not at C:\\\\data\"");
        assertThat(Quoted.of(null)).hasToString("\"null\"");
    }
}
