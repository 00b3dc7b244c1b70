package dev.freshet.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

import dev.freshet.cli.demo.WatchedUser.Verdict;
import dev.freshet.schemas.catalogue.Catalogue;

class DashboardTest {
    private static final List<String> VALUES = List.of("1", "2", "3.5000", "2026-11-21");
    private static final List<String> OTHER = List.of("1", "3", "3.5000", "2026-11-21");

    private final StringWriter out = new StringWriter();

    private static Second second(WatchedUser... users) {
        TableState table =
                new TableState(1, Instant.parse("2026-11-21T12:00:00.123456Z"), Duration.ofMillis(62), 4_000);
        return new Second(
                Duration.ofSeconds(83),
                203.4,
                1_231.0,
                Duration.ofNanos(14_200_000),
                Duration.ofMillis(31),
                600,
                table,
                List.of(users));
    }

    private Dashboard dashboard(boolean terminal) {
        return new Dashboard(
                new Screen(new PrintWriter(out), terminal ? OptionalInt.of(80) : OptionalInt.empty()),
                Catalogue.standard(),
                "Ctrl-C ends it");
    }

    @Test
    void elsewhereASecondIsOneLine() {
        WatchedUser equal = new WatchedUser(7, "", VALUES, VALUES, Verdict.EQUAL);
        WatchedUser different = new WatchedUser(8, "", VALUES, OTHER, Verdict.ON_ITS_WAY);

        dashboard(false).show(second(equal, different));

        assertThat(out.toString())
                .isEqualTo("00:01:23 in=203/s out=1231/s p50=14.2ms p99=31.0ms age=62.0ms equal=1/2"
                        + " user=7 table=1|2|3.5000|2026-11-21 truth=1|2|3.5000|2026-11-21\n");
    }

    @Test
    void aUserWhoIsDifferentIsShownWithTheTruth() {
        List<String> block = dashboard(true)
                .block(second(new WatchedUser(8, "2026-11-21 12:00:00+00", VALUES, OTHER, Verdict.ON_ITS_WAY)));

        assertThat(block).anyMatch(line -> line.startsWith("8      on its way "));
        assertThat(block).anyMatch(line -> line.contains(" truth: ") && line.contains(" 3 "));
        assertThat(block).anyMatch(line -> line.contains("p50 14.2 ms   p99 31.0 ms"));
    }

    @Test
    void inEightyColumnsOnlyTheTimeOfComputationIsCut() {
        WatchedUser user = new WatchedUser(12345, "2026-11-21 12:00:00+00", VALUES, OTHER, Verdict.ON_ITS_WAY);

        dashboard(true).show(second(user));

        assertThat(out.toString().lines().map(line -> line.replaceAll("\033\\[[?0-9]*[A-Za-z]", "")))
                .allMatch(line -> line.length() <= 80)
                .anyMatch(line -> line.startsWith("12345  on its way ") && line.endsWith(" 2026-11-21"))
                .anyMatch(line -> line.startsWith("user   truth ") && line.endsWith(" last_order_date"));
    }

    @Test
    void theTrafficIsToldInLinesOfLessThanAHundredCharacters() {
        assertThat(Screen.wrapped("traffic: 100,000 rows/s, seed 999999: " + Kind.mix(), 99, "         "))
                .hasSizeGreaterThan(1)
                .allMatch(line -> line.length() < 100)
                .allMatch(line -> line.equals(line.stripTrailing()));
    }

    @Test
    void aTerminalIsDrawnOver() {
        Dashboard dashboard = dashboard(true);
        WatchedUser equal = new WatchedUser(7, "", VALUES, VALUES, Verdict.EQUAL);
        int height = dashboard.block(second(equal)).size();

        dashboard.show(second(equal));
        assertThat(out.toString()).doesNotContain("\033[" + height + "A");
        dashboard.show(second(equal));
        assertThat(out.toString()).contains("\033[" + height + "A");
    }
}
