package dev.freshet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import dev.freshet.runtime.check.Checks;
import dev.freshet.runtime.check.Finding;

class DoctorReportTest {
    private final List<Finding> wrong = new ArrayList<>(
            List.of(new Finding("It is off", "SWITCH IT ON;"), Finding.warning("It is old", "Replace it.")));

    private final Checks mendable = new Checks() {
        @Override
        public String subject() {
            return "target";
        }

        @Override
        public List<Finding> find() {
            return List.copyOf(wrong);
        }

        @Override
        public void fix(Consumer<String> done) {
            wrong.remove(0);
            done.accept("SWITCH IT ON;");
        }
    };

    private static final Checks AWAY = new Checks() {
        @Override
        public String subject() {
            return "source";
        }

        @Override
        public List<Finding> find() throws SQLException {
            throw new SQLException("cannot connect");
        }

        @Override
        public void fix(Consumer<String> done) throws SQLException {
            done.accept("MEND ONE;");
            throw new SQLException("cannot connect");
        }
    };

    @Test
    void whatCannotBeAskedIsToldAndTheRestIsAsked() throws InterruptedException {
        DoctorReport report = DoctorReport.of(List.of(AWAY, mendable), false);
        assertThat(report.hasErrors()).isTrue();
        assertThat(report.lines())
                .containsExactly(
                        "source: 1 error",
                        "  error:   Cannot be asked: cannot connect",
                        "           See that it runs, and can be reached from here.",
                        "target: 1 error, 1 warning",
                        "  error:   It is off",
                        "           SWITCH IT ON;",
                        "  warning: It is old",
                        "           Replace it.");
    }

    /** Kafka is asked for its topics' settings, and the target for those that an erasure has altered. */
    @Test
    void whatSeveralChecksFindOfOneSubjectIsToldOnceUnderIt() throws InterruptedException {
        Checks more = found("target", new Finding("It is full", "Make room."));
        assertThat(DoctorReport.of(List.of(mendable, AWAY, more), false).lines())
                .containsExactly(
                        "target: 2 errors, 1 warning",
                        "  error:   It is off",
                        "           SWITCH IT ON;",
                        "  warning: It is old",
                        "           Replace it.",
                        "  error:   It is full",
                        "           Make room.",
                        "source: 1 error",
                        "  error:   Cannot be asked: cannot connect",
                        "           See that it runs, and can be reached from here.");
        assertThat(DoctorReport.of(List.of(found("target"), found("target")), false)
                        .lines())
                .containsExactly("target: ok");
    }

    private static Checks found(String subject, Finding... findings) {
        return new Checks() {
            @Override
            public String subject() {
                return subject;
            }

            @Override
            public List<Finding> find() {
                return List.of(findings);
            }

            @Override
            public void fix(Consumer<String> done) {
                throw new AssertionError("nothing is to be mended");
            }
        };
    }

    @Test
    void whatWasDoneBeforeItFailedIsTold() throws InterruptedException {
        assertThat(DoctorReport.of(List.of(AWAY), true).lines())
                .containsExactly(
                        "source: 2 errors",
                        "  done:    MEND ONE;",
                        "  error:   What can be mended could not be: cannot connect",
                        "           See what else is found.",
                        "  error:   Cannot be asked: cannot connect",
                        "           See that it runs, and can be reached from here.");
    }

    @Test
    void whatWasMendedIsToldAndWarningsAloneAreNoError() throws InterruptedException, IOException {
        DoctorReport report = DoctorReport.of(List.of(mendable), true);
        assertThat(report.hasErrors()).isFalse();
        assertThat(report.lines())
                .containsExactly(
                        "target: 1 warning",
                        "  done:    SWITCH IT ON;",
                        "  warning: It is old",
                        "           Replace it.");
        JsonNode json = new ObjectMapper().readTree(report.json());
        assertThat(json.get("ok").asBoolean()).isTrue();
        assertThat(json.get("findings"))
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.toString())
                                .isEqualTo(
                                        "{\"subject\":\"target\",\"severity\":\"warning\",\"what\":\"It is old\",\"cure\":\"Replace it.\"}"));
        assertThat(json.get("done").get(0).get("ran").asText()).isEqualTo("SWITCH IT ON;");
    }

    @Test
    void aCureIsToldAsTheReaderWouldRunIt() throws InterruptedException {
        wrong.set(0, new Finding("It is half done", "Run freshet doctor --fix."));
        CommandLine doctor = NamedCommandsTest.parsed("doctor", "--config", "a.yaml");
        DoctorReport report =
                DoctorReport.of(List.of(mendable), false).withCures(cure -> NamedCommands.runnable(cure, doctor));
        assertThat(report.lines())
                .contains("           Run freshet doctor --fix --config a.yaml.", "           Replace it.");
        assertThat(report.json()).contains("Run freshet doctor --fix --config a.yaml.");
    }
}
