package dev.freshet.e2e.faults;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Part;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.runtime.monitoring.Reason.Code;

/** What becomes of the role that the processes log in as. */
final class RoleFaults {
    private static final Duration END = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(100);

    private RoleFaults() {}

    static Stream<Fault> all() {
        return Stream.of(
                new Fault(
                        "no-connections",
                        "PostgreSQL has no more connections for the processes, whose sessions are ended",
                        (bed, random) -> shutOut(bed)),
                new Fault(
                        "other-password",
                        "the password of the processes' role becomes another one, and their sessions are ended",
                        (bed, random) -> changePassword(bed)));
    }

    private static Strike shutOut(Bed bed) throws Exception {
        Strike.Healing healing = () -> bed.role().letIn(true);
        bed.role().letIn(false);
        try {
            bed.role().endSessions();
        } catch (SQLException e) {
            healing.heal();
            throw e;
        }
        return Strike.until(healing, Code.TARGET_UNREACHABLE, Part.STREAMS, Part.SINK);
    }

    /** Trying again and again with it would lock the role out in many a directory: each says so, and ends. */
    private static Strike changePassword(Bed bed) throws Exception {
        List<Instance> instances = Arrays.stream(Part.values()).map(bed::first).toList();
        instances.forEach(instance -> instance.expectEnd(ExitCode.OPERATOR.code()));
        Strike.Healing healing = () -> {
            bed.role().setPassword(true);
            for (Instance instance : instances) {
                instance.expectNoEnd(ExitCode.OPERATOR.code());
                instance.start();
            }
        };
        bed.role().setPassword(false);
        try {
            bed.role().endSessions();
            bed.patience(END).until("the end of all with 78", LOOK, () -> instances.stream()
                    .noneMatch(Instance::isWanted));
        } catch (Exception e) {
            healing.heal();
            throw e;
        }
        return Strike.until(healing);
    }
}
