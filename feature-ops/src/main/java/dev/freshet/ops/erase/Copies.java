package dev.freshet.ops.erase;

import static java.util.stream.Collectors.joining;

import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import dev.freshet.runtime.generation.CopyRegister;
import dev.freshet.runtime.generation.CopyRegister.Unsettled;
import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.StateCopy;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Names;

/**
 * The copies of state that instances of streams keep, standby replicas among them. One that is behind a changelog when tombstones are
 * compacted away from there would never hear of what they ended: of the user, or, as topics are compacted with all of their partitions,
 * of anybody. So before, all have to be past them; and those that were filled meanwhile have to be begun anew, which their instances
 * do by themselves. Of an instance that is away all are, when it starts.
 */
final class Copies {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MOST_TOLD = 10;

    private final Names names;
    private final CopyRegister register;
    private final KafkaSide kafka;
    private final List<Generation> fed;
    private final Patience patience;

    /** For how long to wait for all of it. */
    record Patience(Duration limit, Time time) {}

    Copies(Names names, CopyRegister register, KafkaSide kafka, List<Generation> fed, Patience patience) {
        this.names = names;
        this.register = register;
        this.kafka = kafka;
        this.fed = List.copyOf(fed);
        this.patience = patience;
    }

    /** Those whose copies there are. */
    List<Integer> generations() {
        return fed.stream().map(Generation::number).toList();
    }

    /**
     * Returns when every copy that there is has taken in all that may be compacted away, and notes which these are.
     *
     * @param id of the erasure in the register
     * @param ends by changelog and partition, the offset of an entry behind all that
     * @throws Stop.Operator if one has not in time
     */
    void awaitPast(long id, Map<UserTopic, Map<Integer, Long>> ends) throws SQLException, InterruptedException {
        Set<String> marks = new HashSet<>();
        await(
                "what they have not taken in must not be removed",
                "Run this again with more --patience. Files that no task uses go after state.cleanup.delay.ms (10 minutes),"
                        + " and when that streams is started anew",
                asked -> {
                    marks.clear();
                    List<String> behind = new ArrayList<>();
                    for (Generation generation : fed) {
                        for (Answer answer : answers(generation, asked, behind)) {
                            behind(answer.copy(), of(answer.copy(), ends))
                                    .ifPresentOrElse(
                                            why -> behind.add(answer.of() + why),
                                            () -> marks.add(answer.copy().mark()));
                        }
                    }
                    return behind;
                });
        register.note(id, marks);
    }

    /** By changelog, the one of the copy's partition. */
    private static Map<String, Long> of(StateCopy copy, Map<UserTopic, Map<Integer, Long>> ends) {
        Map<String, Long> ofCopy = new HashMap<>();
        ends.forEach((topic, byPartition) -> {
            Long end = byPartition.get(copy.partition());
            if (end != null && topic.generation() == copy.job().generation()) {
                ofCopy.put(topic.name(), end);
            }
        });
        return ofCopy;
    }

    static Optional<String> behind(StateCopy copy, Map<String, Long> ends) {
        if (!copy.isRunning()) {
            return Optional.of("restores its state, or is about to end");
        }
        return switch (copy.keeping()) {
            case NOTHING -> Optional.empty();
            case IDLE -> Optional.of("keeps files of partition " + copy.partition() + " that no task uses");
            case IN_USE ->
                ends.entrySet().stream()
                        .filter(end -> copy.positions().getOrDefault(end.getKey(), 0L) <= end.getValue())
                        .findFirst()
                        .map(end -> "has read " + end.getKey() + "-" + copy.partition() + " up to "
                                + copy.positions().getOrDefault(end.getKey(), 0L) + " of " + (end.getValue() + 1));
        };
    }

    /**
     * Returns when no copy may keep anything of an erasure that has ended, be it this one or one that was interrupted.
     *
     * @throws Stop.Operator if one still may
     */
    void settle() throws SQLException, InterruptedException {
        List<Unsettled> unsettled = register.unsettled();
        if (unsettled.isEmpty()) {
            return;
        }
        await(
                "their copies of the state may keep what an erasure has removed everywhere else",
                "Start these streams anew, which restores their state, or end them; and run this again",
                asked -> {
                    List<String> unclean = new ArrayList<>();
                    for (Generation generation : fed) {
                        if (unsettled.stream().noneMatch(one -> concerns(one, generation))) {
                            continue; // it has been begun since, and nobody tells of it
                        }
                        for (Answer answer : answers(generation, asked, unclean)) {
                            if (!unsettled.stream()
                                    .allMatch(one -> !concerns(one, generation) || one.isClean(answer.copy()))) {
                                unclean.add(answer.of() + "has filled partition "
                                        + answer.copy().partition() + " while topics were compacted");
                            }
                        }
                    }
                    return unclean;
                });
        for (Unsettled one : unsettled) {
            register.settled(one.id());
        }
    }

    private static boolean concerns(Unsettled erasure, Generation generation) {
        return erasure.generations().contains(generation.number());
    }

    private interface Question {
        /** @param asked when it was asked first */
        List<String> ask(OffsetDateTime asked) throws SQLException, InterruptedException;
    }

    private void await(String because, String cure, Question question) throws SQLException, InterruptedException {
        Time time = patience.time();
        long deadline = time.nanoTime() + patience.limit().toNanos();
        OffsetDateTime asked = register.ask();
        List<String> open = question.ask(asked);
        while (!open.isEmpty()) {
            if (time.nanoTime() - deadline > 0) {
                throw new Stop.Operator(
                        "within " + patience.limit().toSeconds() + " s not all of streams were ready, and " + because
                                + ": " + open.stream().limit(MOST_TOLD).collect(joining("; ")),
                        cure);
            }
            time.pause(POLL);
            register.ask();
            open = question.ask(asked);
        }
    }

    private record Answer(StateCopy copy) {
        String of() {
            return name(copy.job().instance(), copy.job().generation());
        }
    }

    private static String name(String instance, int generation) {
        return "instance " + instance + " of generation " + generation + " ";
    }

    /**
     * Of every partition.
     *
     * @param missing is added to where somebody does not answer
     */
    private List<Answer> answers(Generation generation, OffsetDateTime asked, List<String> missing)
            throws SQLException, InterruptedException {
        Optional<Set<String>> instances = kafka.instances(names.application(generation.number()));
        if (instances.isEmpty()) {
            missing.add("generation " + generation.number() + " shares out its partitions");
            return List.of();
        }
        List<Answer> answers = new ArrayList<>();
        Set<String> silent = new TreeSet<>();
        for (int partition = 0; partition < generation.partitions(); partition++) {
            Map<String, StateCopy> told = register.answers(generation.number(), partition, asked);
            for (String instance : instances.get()) {
                StateCopy copy = told.get(instance);
                if (copy == null) {
                    silent.add(name(instance, generation.number()) + "does not tell what it keeps of the state");
                } else {
                    answers.add(new Answer(copy));
                }
            }
        }
        missing.addAll(silent);
        return answers;
    }
}
