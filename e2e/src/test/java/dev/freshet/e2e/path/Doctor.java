package dev.freshet.e2e.path;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What {@code freshet doctor} finds wrong. */
final class Doctor {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    record Finding(String subject, String what, String cure) {}

    private Doctor() {}

    /**
     * The errors of its report. Warnings are of the servers that tests share.
     *
     * @param environment what overrides the configuration
     * @param code that it has to end with
     */
    static List<Finding> errors(Pipeline pipeline, Map<String, String> environment, int code) throws IOException {
        Pipeline.Ended doctor = pipeline.run(environment, PATIENCE, "doctor", "--json");
        assertThat(doctor.code()).as(doctor.output()).isEqualTo(code);
        JsonNode report =
                JSON.readTree(doctor.output().substring(doctor.output().indexOf("{\n")));
        List<Finding> errors = new ArrayList<>();
        for (JsonNode finding : report.get("findings")) {
            if (finding.get("severity").asText().equals("error")) {
                errors.add(new Finding(
                        finding.get("subject").asText(),
                        finding.get("what").asText(),
                        finding.get("cure").asText()));
            }
        }
        return errors;
    }
}
