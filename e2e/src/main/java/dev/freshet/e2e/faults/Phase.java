package dev.freshet.e2e.faults;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.runtime.generation.Generation;

/** What the system is at when faults strike. */
public enum Phase {
    /** It follows the shop. */
    STREAMING,
    /** Ingest reads the tables once more, for a generation beside the live one. */
    SNAPSHOT,
    /** That is read, and streams and sink fill the table that readers are to be turned to. */
    HANDOVER,
    /** The shop is at rest, and tens of thousands of its changes are still under way. */
    DRAIN;

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final String BURST = "UPDATE orders SET total = total + 1 WHERE id > 90000000 AND id < 100000000";

    /** Reads one as the command line has it. */
    static final class Name implements ITypeConverter<Phase> {
        @Override
        public Phase convert(String name) {
            return Arrays.stream(values())
                    .filter(phase -> phase.toString().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new TypeConversionException("'" + name + "' is none of " + Arrays.toString(values())));
        }
    }

    /** Returns when it is in this phase, and what ends it when the faults are healed. */
    Strike.Healing enter(Bed bed) throws Exception {
        return switch (this) {
            case STREAMING -> () -> {};
            case SNAPSHOT -> {
                Generation build = new Builds(bed).startFromSource(false);
                String log = bed.names().changes(build.number());
                bed.patience(LIMIT)
                        .until("a snapshot", LOOK, () -> bed.logEnds().committed(log) > 0);
                yield new Builds(bed)::finish;
            }
            case HANDOVER -> {
                Generation build = new Builds(bed).startFromSource(false);
                String features = bed.names().features(build.number());
                bed.patience(LIMIT)
                        .until(
                                "the end of a snapshot",
                                LOOK,
                                () -> bed.logEnds().written(features) > 0);
                yield new Builds(bed)::finish;
            }
            case DRAIN -> {
                bed.load().pause();
                bed.tables().execute(BURST);
                yield bed.load()::resume;
            }
        };
    }

    /** Whether that can be seen. Nobody can where the server that knows is away. */
    boolean isOver(Bed bed) throws Exception {
        return switch (this) {
            case STREAMING, DRAIN -> false;
            case SNAPSHOT -> {
                Optional<Generation> build = new Builds(bed).building();
                yield build.isPresent()
                        && bed.logEnds()
                                        .written(
                                                bed.names().features(build.get().number()))
                                > 0;
            }
            case HANDOVER -> new Builds(bed).isComplete();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
