package dev.freshet.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

import dev.freshet.testkit.servers.EmbeddedServers;

/** What the processes of a trial have used, as the system counts it. */
record Resources(EmbeddedServers servers, Deployment deployment) {
    private static final int TICKS_PER_SECOND = 100;

    /** CPU time by process, in microseconds, since each began. */
    record Cpu(Map<String, Double> micros) {
        Cpu {
            micros = Map.copyOf(micros);
        }

        /** Adds what was used since then for each of so many rows, under the process's name with this prefix. */
        void addSince(Cpu before, String prefix, int rows, Values values) {
            new TreeMap<>(micros).forEach((process, used) -> {
                double then = before.micros.getOrDefault(process, 0.0);
                values.add(prefix + "CpuMicros" + process, (used - then) / rows);
            });
        }
    }

    Cpu cpu() {
        Map<String, Double> micros = new LinkedHashMap<>();
        for (Deployment.Part part : Deployment.Part.values()) {
            micros.put(title(part), cpuMicros(deployment.process(part).pid()));
        }
        micros.putAll(serversCpu().micros());
        return new Cpu(micros);
    }

    /** Before the processes are started. */
    Cpu serversCpu() {
        Map<String, Double> micros = new LinkedHashMap<>();
        micros.put("Kafka", cpuMicros(servers.kafka().pid()));
        postgresMicros().ifPresent(used -> micros.put("Postgres", used));
        return new Cpu(micros);
    }

    static double cpuMicros(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(handle -> handle.info().totalCpuDuration())
                .map(duration -> duration.toNanos() / 1e3)
                .orElseThrow(() -> new MeasurementException("the system does not tell the CPU time of " + pid));
    }

    /** With all its sessions, also those that have ended; empty where there is no /proc. */
    private OptionalDouble postgresMicros() {
        long pid = servers.postgres().pid();
        double micros = 0;
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            for (int field = 11; field <= 14; field++) { // utime, stime, cutime, cstime
                micros += Long.parseLong(fields[field]) * 1e6 / TICKS_PER_SECOND;
            }
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(micros
                + ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .flatMap(handle -> handle.info().totalCpuDuration().stream())
                        .mapToDouble(duration -> duration.toNanos() / 1e3)
                        .sum());
    }

    /** Adds the resident memory of each process in megabytes, and the highest it ever was; nothing where there is no /proc. */
    void addMemory(Values values) {
        double sum = 0;
        for (Deployment.Part part : Deployment.Part.values()) {
            Path status =
                    Path.of("/proc", Long.toString(deployment.process(part).pid()), "status");
            OptionalDouble now = megabytes(status, "VmRSS:");
            now.ifPresent(value -> values.add("residentMegabytes" + title(part), value));
            megabytes(status, "VmHWM:").ifPresent(value -> values.add("residentPeakMegabytes" + title(part), value));
            sum += now.orElse(0);
        }
        if (sum > 0) {
            values.add("residentMegabytes", sum);
        }
    }

    private static OptionalDouble megabytes(Path status, String key) {
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith(key))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                    .findFirst();
        } catch (IOException e) {
            return OptionalDouble.empty();
        }
    }

    private static String title(Deployment.Part part) {
        return part.name().charAt(0) + part.command().substring(1);
    }
}
