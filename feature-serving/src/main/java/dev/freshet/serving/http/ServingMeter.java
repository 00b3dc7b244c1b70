package dev.freshet.serving.http;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.time.Time;

/** What was answered since the start. Safe for use by many threads. */
final class ServingMeter {
    private static final int[] STATUSES = IntStream.concat(
                    IntStream.of(200), Arrays.stream(Problem.values()).mapToInt(Problem::status))
            .distinct()
            .sorted()
            .toArray();
    private static final Duration[] BUCKETS = IntStream.of(1, 2, 5, 10, 25, 50, 100, 250, 1_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final Map<Route, LongAdder[]> counts = new EnumMap<>(Route.class);
    private final Time time;
    private volatile @Nullable Timer timer;

    ServingMeter(Time time) {
        this.time = time;
        for (Route route : Route.values()) {
            counts.put(
                    route,
                    Stream.generate(LongAdder::new).limit(STATUSES.length).toArray(LongAdder[]::new));
        }
    }

    /** @param begin {@link Time#nanoTime} when the request began to come */
    void answered(Route route, int status, long begin) {
        int index = Arrays.binarySearch(STATUSES, status);
        LongAdder[] ofRoute = counts.get(route);
        if (index >= 0 && ofRoute != null) {
            ofRoute[index].increment();
        }
        Timer known = timer;
        if (known != null && route != Route.HEALTH && route != Route.READY) {
            known.record(time.nanoTime() - begin, TimeUnit.NANOSECONDS);
        }
    }

    void measure(MeterRegistry meters) {
        counts.forEach((route, ofRoute) -> {
            for (int i = 0; i < STATUSES.length; i++) {
                FunctionCounter.builder("freshet.serving.requests", ofRoute[i], LongAdder::doubleValue)
                        .description("Requests that were answered, by what they asked for and the status of the reply")
                        .tag("route", route.label())
                        .tag("status", Integer.toString(STATUSES[i]))
                        .register(meters);
            }
        });
        timer = Timer.builder("freshet.serving.request")
                .description("From the first byte of a request to its reply, waiting for a min_lsn included")
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }
}
