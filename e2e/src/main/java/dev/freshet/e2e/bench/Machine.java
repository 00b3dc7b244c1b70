package dev.freshet.e2e.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What it was measured on. */
record Machine(int cores, long memoryMegabytes, String java, String kernel) {
    static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                system().getTotalMemorySize() >> 20,
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                System.getProperty("os.name") + " " + System.getProperty("os.version"));
    }

    /** Of the last minute: what else the machine has to do. Negative if the system does not tell. */
    static double loadAverage() {
        return system().getSystemLoadAverage();
    }

    private static OperatingSystemMXBean system() {
        return (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    }
}
