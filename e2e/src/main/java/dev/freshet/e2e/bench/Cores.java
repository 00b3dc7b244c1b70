package dev.freshet.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Two parts of the machine's cores, and the processes that are kept on either: by taskset(1), which tells every thread that is
 * there, and whose children inherit it.
 *
 * @param first as taskset spells it: the first that we may use
 * @param others likewise
 */
record Cores(String first, String others) {
    private static final String ALLOWED = "Cpus_allowed_list:";

    /** Empty where there is but one core, or no way to keep a process on it. */
    static Optional<Cores> ofThisMachine() {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            List<Long> cores = status.filter(line -> line.startsWith(ALLOWED))
                    .flatMapToLong(
                            line -> numbers(line.substring(ALLOWED.length()).strip()))
                    .boxed()
                    .toList();
            if (cores.size() < 2
                    || run(
                                    "taskset",
                                    "-p",
                                    Long.toString(ProcessHandle.current().pid()))
                            != 0) {
                return Optional.empty();
            }
            return Optional.of(new Cores(list(cores.subList(0, 1)), list(cores.subList(1, cores.size()))));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** @param list as in {@code 0-2,5} */
    static LongStream numbers(String list) {
        return Stream.of(list.split(",")).flatMapToLong(range -> {
            String[] ends = range.split("-");
            return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
        });
    }

    private static String list(List<Long> cores) {
        return String.join(",", cores.stream().map(String::valueOf).toList());
    }

    void keepOnFirst(ProcessHandle process) throws IOException {
        keep(process, first);
    }

    void keepOnOthers(ProcessHandle process) throws IOException {
        keep(process, others);
    }

    void setFree(ProcessHandle process) throws IOException {
        keep(process, first + "," + others);
    }

    private static void keep(ProcessHandle process, String cores) throws IOException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process);
        for (ProcessHandle one : all) {
            int exit = run("taskset", "-a", "-p", "-c", cores, Long.toString(one.pid()));
            if (exit != 0 && one.isAlive()) {
                throw new MeasurementException("taskset cannot keep " + one.pid() + " on cores " + cores);
            }
        }
    }

    private static int run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted");
        }
    }
}
