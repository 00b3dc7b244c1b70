package dev.freshet.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class FigureTest {
    @Test
    void eachIsReadByTheNameThatTheHelpGivesIt() throws Exception {
        for (Figure figure : Figure.values()) {
            assertThat(new Figure.Name().convert(figure.toString())).isSameAs(figure);
        }
    }

    @Test
    void aNameThatIsNoneIsToldEachThatIsOnce() {
        StringWriter err = new StringWriter();
        int exit = new CommandLine(new BenchCommand())
                .setErr(new PrintWriter(err, true))
                .execute("--only", "speed");
        assertThat(exit).isEqualTo(2);
        assertThat(err.toString().lines().findFirst().orElseThrow())
                .contains("'speed' is none of [debezium, bootstrap, ")
                .containsOnlyOnce("heavy")
                .doesNotContain("HEAVY");
    }
}
