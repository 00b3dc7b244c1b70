package dev.freshet.e2e.faults;

import java.util.List;
import java.util.stream.Stream;

/** All that can go wrong on a bed, by names that can be asked for. */
public final class Faults {
    private static final List<Fault> ALL = Stream.of(
                    Kills.all(),
                    IngestKills.all(),
                    StateKills.all(),
                    StateFaults.all(),
                    BuildKills.all(),
                    SinkKills.all(),
                    ServerFaults.all(),
                    FullDisk.all(),
                    Freezes.all(),
                    SqlFaults.all(),
                    RoleFaults.all(),
                    HeapFaults.all(),
                    SlotFaults.all(),
                    CutOffFaults.all(),
                    ClockFaults.all(),
                    LinkFaults.all())
            .flatMap(faults -> faults)
            .toList();

    private Faults() {}

    public static List<Fault> all() {
        return ALL;
    }

    /**
     * Those of a name, or of all names with a beginning.
     *
     * @param pattern a name, or the beginning of names and a star
     * @return none if there is none
     */
    static List<Fault> matching(String pattern) {
        String beginning = pattern.endsWith("*") ? pattern.substring(0, pattern.length() - 1) : null;
        return ALL.stream()
                .filter(fault -> beginning == null
                        ? fault.name().equals(pattern)
                        : fault.name().startsWith(beginning))
                .toList();
    }

    /** The one of a name. */
    public static Fault named(String name) {
        return matching(name).stream()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fault is called " + name));
    }
}
