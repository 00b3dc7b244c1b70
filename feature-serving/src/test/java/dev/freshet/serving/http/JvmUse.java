package dev.freshet.serving.http;

import com.sun.management.ThreadMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.Objects;
import java.util.regex.Pattern;

/** What this JVM, in which the server is too, uses of what there is. */
final class JvmUse {
    /** Those of the pool that answers requests. */
    private static final Pattern SERVING = Pattern.compile("serving-\\d.*");

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final UnixOperatingSystemMXBean SYSTEM =
            (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private JvmUse() {}

    /** Sockets among them. */
    static long openFiles() {
        return SYSTEM.getOpenFileDescriptorCount();
    }

    static long filesThatMayBeOpenedYet() {
        return SYSTEM.getMaxFileDescriptorCount() - SYSTEM.getOpenFileDescriptorCount();
    }

    /** Without garbage. */
    static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    static int servingThreads() {
        return serving().length;
    }

    /** What they have allocated since they began: the heap cannot have grown by more. */
    static long allocatedByServing() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(serving()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    private static long[] serving() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(Objects::nonNull)
                .filter(thread -> SERVING.matcher(thread.getThreadName()).matches())
                .mapToLong(ThreadInfo::getThreadId)
                .toArray();
    }
}
