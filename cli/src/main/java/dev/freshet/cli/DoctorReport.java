package dev.freshet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

import dev.freshet.runtime.check.Checks;
import dev.freshet.runtime.check.Finding;

/** What the doctor found, and what it did. */
record DoctorReport(List<Subject> subjects) {

    /**
     * @param done what was run to mend it
     */
    record Subject(String name, List<String> done, List<Finding> findings) {}

    /** Asks all of them, whatever comes of the others. What several find of one subject stands under it, where it comes first. */
    static DoctorReport of(List<Checks> all, boolean fix) throws InterruptedException {
        Map<String, Subject> subjects = new LinkedHashMap<>();
        for (Checks checks : all) {
            Subject subject = subjects.computeIfAbsent(
                    checks.subject(), name -> new Subject(name, new ArrayList<>(), new ArrayList<>()));
            if (fix) {
                fix(checks, subject);
            }
            find(checks, subject);
        }
        return new DoctorReport(List.copyOf(subjects.values()));
    }

    private static void fix(Checks checks, Subject subject) throws InterruptedException {
        try {
            checks.fix(subject.done()::add);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            subject.findings()
                    .add(new Finding("What can be mended could not be: " + reason(e), "See what else is found."));
        }
    }

    private static void find(Checks checks, Subject subject) throws InterruptedException {
        try {
            subject.findings().addAll(checks.find());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            subject.findings()
                    .add(new Finding(
                            "Cannot be asked: " + reason(e), "See that it runs, and can be reached from here."));
        }
    }

    /** The same, with cures as the reader would run them. */
    DoctorReport withCures(UnaryOperator<String> runnable) {
        return new DoctorReport(subjects.stream()
                .map(subject -> new Subject(
                        subject.name(),
                        subject.done(),
                        subject.findings().stream()
                                .map(one -> new Finding(one.severity(), one.what(), runnable.apply(one.cure())))
                                .toList()))
                .toList());
    }

    private static String reason(Exception failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.toString() : message.strip();
    }

    boolean hasErrors() {
        return subjects.stream().anyMatch(subject -> subject.findings().stream().anyMatch(Finding::isError));
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Subject subject : subjects) {
            lines.add(subject.name() + ": " + (subject.findings().isEmpty() ? "ok" : count(subject.findings())));
            subject.done().forEach(done -> lines.add("  done:    " + done));
            for (Finding finding : subject.findings()) {
                lines.add("  " + (finding.isError() ? "error:   " : "warning: ") + finding.what());
                lines.add("           " + finding.cure());
            }
        }
        return lines;
    }

    private static String count(List<Finding> findings) {
        long errors = findings.stream().filter(Finding::isError).count();
        long warnings = findings.size() - errors;
        String text = errors == 0 ? "" : errors + (errors == 1 ? " error" : " errors");
        return warnings == 0
                ? text
                : text + (text.isEmpty() ? "" : ", ") + warnings + (warnings == 1 ? " warning" : " warnings");
    }

    String json() {
        ObjectNode root = new ObjectMapper().createObjectNode().put("ok", !hasErrors());
        ArrayNode findings = root.putArray("findings");
        ArrayNode done = root.putArray("done");
        for (Subject subject : subjects) {
            for (Finding finding : subject.findings()) {
                findings.addObject()
                        .put("subject", subject.name())
                        .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
                        .put("what", finding.what())
                        .put("cure", finding.cure());
            }
            subject.done()
                    .forEach(statement ->
                            done.addObject().put("subject", subject.name()).put("ran", statement));
        }
        return root.toPrettyString();
    }
}
