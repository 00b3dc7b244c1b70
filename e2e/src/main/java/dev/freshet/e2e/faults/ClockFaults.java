package dev.freshet.e2e.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Part;

/** A machine whose clock is wrong, and is set while a process runs on it: by libfaketime, where that is installed. */
final class ClockFaults {
    private static final List<String> PLACES = List.of(
            System.getProperty("freshet.faketime", "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
            "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1");
    private static final List<String> STEPS = List.of("+2h", "-2h", "+5m", "-5m", "+0");
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration BETWEEN = Duration.ofSeconds(3);
    private static final String PRELOAD = "LD_PRELOAD";

    private ClockFaults() {}

    static Stream<Fault> all() {
        return Stream.of(Part.values())
                .map(part -> new Fault(
                        "clock-" + part,
                        "the clock of " + part
                                + " is hours off, and set forwards and backwards while it runs (by libfaketime)",
                        (bed, random) -> step(bed, random, part)));
    }

    private static Strike step(Bed bed, SplittableRandom random, Part part) throws Exception {
        Optional<String> library =
                PLACES.stream().filter(place -> Files.exists(Path.of(place))).findFirst();
        if (library.isEmpty()) {
            throw new MissedException("not possible here: libfaketime is missing");
        }
        Instance instance = bed.first(part);
        Path clock = instance.stateDirectory().resolveSibling("clock");
        set(clock, "+0");
        instance.stop();
        instance.setEnvironment(PRELOAD, library.get());
        instance.setEnvironment("FAKETIME_TIMESTAMP_FILE", clock.toString());
        instance.setEnvironment("FAKETIME_NO_CACHE", "1");
        instance.setEnvironment("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        instance.setEnvironment("FAKETIME_DONT_RESET", "1");
        instance.start();
        Strike.Healing healing = () -> {
            instance.stop();
            instance.setEnvironment(PRELOAD, null);
            instance.start();
        };
        try {
            bed.awaitReady(START);
            for (int i = 0; i < STEPS.size(); i++) {
                set(clock, STEPS.get(random.nextInt(STEPS.size())));
                bed.time().pause(BETWEEN);
            }
        } catch (Exception e) {
            healing.heal();
            throw e;
        }
        return Strike.until(healing);
    }

    /** At once: libfaketime reads the file at every look at the clock, and ends the process that finds it empty. */
    private static void set(Path clock, String offset) throws IOException {
        Path next = clock.resolveSibling("clock.next");
        Files.writeString(next, offset + "\n");
        Files.move(next, clock, StandardCopyOption.ATOMIC_MOVE);
    }
}
