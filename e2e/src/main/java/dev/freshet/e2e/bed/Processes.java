package dev.freshet.e2e.bed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.freshet.runtime.time.Time;

/** The processes of a system under one supervisor, which notes each end. */
public final class Processes implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Path yaml;
    private final Function<Part, Map<String, String>> environment;
    private final Time time;
    private final Map<String, Instance> instances = new LinkedHashMap<>();
    private final List<Instance> looked = new CopyOnWriteArrayList<>();
    private final List<Ended> ends = new ArrayList<>();
    private final AtomicInteger kills = new AtomicInteger();
    private final Thread supervisor = new Thread(this::supervise, "supervisor");

    /** @param environment what else each part is told */
    Processes(Path yaml, Function<Part, Map<String, String>> environment, Time time) {
        this.yaml = yaml;
        this.environment = environment;
        this.time = time;
        supervisor.setDaemon(true);
        supervisor.start();
    }

    private void supervise() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                looked.forEach(Instance::supervise);
                time.pause(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void ended(Ended end) {
        ends.add(end);
    }

    /** All ends since this was last asked. */
    public synchronized List<Ended> takeEnds() {
        List<Ended> taken = List.copyOf(ends);
        ends.clear();
        return taken;
    }

    /** The first instance of a part. */
    public Instance first(Part part) {
        return instance(part, 1);
    }

    /** One of several instances of a part; not started yet, if it is asked for for the first time. */
    public synchronized Instance instance(Part part, int number) {
        return instances.computeIfAbsent(part + "-" + number, name -> {
            Instance made = new Instance(part, number, yaml, environment.apply(part), this::ended);
            looked.add(made);
            return made;
        });
    }

    /** Those that run or are about to. */
    public synchronized List<Instance> running() {
        return instances.values().stream().filter(Instance::isWanted).toList();
    }

    void startAll() {
        Arrays.stream(Part.values()).forEach(part -> first(part).start());
    }

    /** kill -9. */
    public void kill(Instance instance) {
        if (instance.kill()) {
            kills.incrementAndGet();
        }
    }

    /** How many processes were killed. */
    public int kills() {
        return kills.get();
    }

    @Override
    public void close() {
        supervisor.interrupt();
        CompletableFuture<?>[] stopping = looked.stream()
                .map(instance -> CompletableFuture.runAsync(instance::stop, Processes::run))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(stopping).join();
    }

    private static void run(Runnable stopping) {
        Thread thread = new Thread(stopping, "stop");
        thread.setDaemon(true);
        thread.start();
    }
}
