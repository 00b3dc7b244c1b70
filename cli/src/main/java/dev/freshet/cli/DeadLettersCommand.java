package dev.freshet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.freshet.ops.deadletters.DeadLetters;
import dev.freshet.ops.deadletters.StoredLetter;
import dev.freshet.ops.reconcile.Pace;
import dev.freshet.ops.reconcile.ReconcileReport;
import dev.freshet.ops.reconcile.Reconciliation;
import dev.freshet.ops.reconcile.RepairReport;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.time.Time;

/** Shows, replays and deletes dead letters. */
@Command(
        name = "deadletters",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shows, replays and deletes the records that could not be used.",
        subcommands = {
            DeadLettersCommand.ListCommand.class,
            DeadLettersCommand.ShowCommand.class,
            DeadLettersCommand.ReplayCommand.class,
            DeadLettersCommand.DropCommand.class
        })
final class DeadLettersCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }

    /** What the four have in common. */
    abstract static class OfLetters implements Callable<Integer> {
        @ArgGroup(exclusive = true, multiplicity = "1")
        private RunningSystem system = new RunningSystem();

        @Mixin
        private LetterOptions options = new LetterOptions();

        @Option(names = "--json", description = "Print one JSON value.")
        private boolean json;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        FreshetConfig load() {
            return system.load();
        }

        DeadLetters letters(FreshetConfig config) {
            return DeadLetters.of(config, Time.system());
        }

        LetterOptions options() {
            return options;
        }

        boolean isJson() {
            return json;
        }

        PrintWriter out() {
            return spec.commandLine().getOut();
        }

        ParameterException refusal(String reason) {
            return new ParameterException(spec.commandLine(), reason);
        }

        /** Each as it is read; as JSON, an array with a line for each. Returns the exit code. */
        final int print(int limit, Function<StoredLetter, List<String>> lines) {
            AtomicLong printed = new AtomicLong();
            letters(load()).visit(options.filter(), letter -> {
                long before = printed.getAndIncrement();
                if (json) {
                    out().print((before == 0 ? "[" : ",") + "\n  " + LetterText.json(letter, limit));
                } else {
                    lines.apply(letter).forEach(out()::println);
                }
            });
            if (json) {
                out().println(printed.get() == 0 ? "[]" : "\n]");
            } else if (printed.get() == 0 && options.named() == 0) {
                String such = options.isFiltered() ? "no such dead letter" : "no dead letter";
                spec.commandLine().getErr().println("there is " + such);
            }
            return code(printed.get(), 0);
        }

        /** 1 where letters were named that there are not, or that the filter leaves out; it says so. */
        final int code(long letters, int otherwise) {
            long absent = options.named() - letters;
            if (absent <= 0) {
                return otherwise;
            }
            String text = "freshet: %,d of the letters named %s not there%s; those that are: freshet deadletters list"
                    .formatted(absent, absent == 1 ? "is" : "are", options.isFiltered() ? ", or not as filtered" : "");
            spec.commandLine().getErr().println(NamedCommands.runnable(text, spec.commandLine()));
            return 1;
        }

        static String counted(long count, String one) {
            return "%,d %s%s".formatted(count, one, count == 1 ? "" : "s");
        }
    }

    @Command(name = "list", description = "Shows a line for each letter.")
    static final class ListCommand extends OfLetters {
        @Override
        public Integer call() {
            return print(-1, letter -> List.of(LetterText.line(letter)));
        }
    }

    @Command(name = "show", description = "Shows letters with their bytes, as hexadecimal digits.")
    static final class ShowCommand extends OfLetters {
        @Option(
                names = "--bytes",
                paramLabel = "N",
                defaultValue = "256",
                description = "How many bytes of a key or a value are shown (default: ${DEFAULT-VALUE}).")
        private int bytes;

        @Override
        public Integer call() {
            if (bytes < 0) {
                throw refusal("--bytes " + bytes + " is out of range");
            }
            return print(bytes, letter -> LetterText.lines(letter, bytes));
        }
    }

    @Command(
            name = "replay",
            description = {
                "Has the users of letters read anew from the source.",
                "The rows as they are now replace all that is known of these users; the bytes in the letters are never used."
                        + " Exits with 0 only if every letter names a user, and all these users are complete and right then."
                        + " The letters stay until they are dropped."
            })
    static final class ReplayCommand extends OfLetters {
        @Option(
                names = "--patience",
                paramLabel = "DURATION",
                converter = DurationArgument.class,
                defaultValue = "60s",
                description = "How long nothing may be answered before it gives up (default: ${DEFAULT-VALUE}).")
        private Duration patience = Duration.ofSeconds(60);

        @Override
        public Integer call() throws Exception {
            FreshetConfig config = load();
            List<StoredLetter> found = letters(config).read(options().filter());
            List<String> users = found.stream()
                    .map(StoredLetter::user)
                    .flatMap(Optional::stream)
                    .distinct()
                    .toList();
            long nameless =
                    found.stream().filter(letter -> letter.user().isEmpty()).count();
            Pace pace = new Pace(Pace.STANDARD.chunk(), Pace.STANDARD.pauseShare(), patience);
            try (Reconciliation reconciliation = Reconciliation.open(config, pace, Time.system())) {
                RepairReport repaired = reconciliation.repair(users, "freshet deadletters replay", (done, total) -> {});
                ReconcileReport then = reconciliation.compare(users);
                print(found.size(), nameless, repaired, then);
                return code(found.size(), isAllRight(repaired, then) && nameless == 0 ? 0 : 1);
            }
        }

        /** Beyond doubt: of a user who is unverified nobody knows. */
        static boolean isAllRight(RepairReport repaired, ReconcileReport then) {
            return repaired.isComplete() && then.isClean() && then.incomplete() == 0 && then.unverified() == 0;
        }

        private void print(int found, long nameless, RepairReport repaired, ReconcileReport then) {
            if (isJson()) {
                ObjectNode root = new ObjectMapper().createObjectNode();
                root.put("letters", found);
                root.put("without_user", nameless);
                root.set("repair", ReconcileText.json(repaired));
                root.set("then", ReconcileText.json(then));
                out().println(root.toPrettyString());
                return;
            }
            out().println(counted(found, "letter") + " of " + counted(repaired.asked(), "user")
                    + (nameless == 0 ? "" : "; %,d name no user, and cannot be replayed".formatted(nameless)));
            ReconcileText.lines(repaired).forEach(out()::println);
            ReconcileText.lines(then).forEach(line -> out().println("then " + line.strip()));
            if (then.unverified() > 0) {
                out().println("of who is unverified nothing is sure: run it again, with more --patience");
            }
            if (then.incomplete() > 0) {
                out().println("rows that still cannot be used have new letters: mend them in the source first");
            }
        }
    }

    @Command(
            name = "drop",
            description = {
                "Deletes letters for good.",
                "What stands between them and stays is written again at the end of the topic, under other ids. Without --yes it"
                        + " only says how many there are."
            })
    static final class DropCommand extends OfLetters {
        @Option(names = "--yes", description = "Do it.")
        private boolean yes;

        @Override
        public Integer call() throws SQLException, InterruptedException {
            FreshetConfig config = load();
            long letters = yes ? drop(config) : count(config);
            if (isJson()) {
                out().println(new ObjectMapper()
                        .createObjectNode()
                        .put(yes ? "dropped" : "would_drop", letters)
                        .toPrettyString());
            } else {
                out().println(counted(letters, "letter") + (yes ? " dropped" : " would be dropped: say --yes"));
            }
            return code(letters, yes ? 0 : 2);
        }

        private long drop(FreshetConfig config) throws SQLException, InterruptedException {
            Database target = new Database(
                    config.target().login(), config.target().schema(), "freshet-deadletters", Timeouts.standard());
            try (Connection connection = target.open()) {
                return letters(config).drop(options().filter(), connection);
            }
        }

        private long count(FreshetConfig config) {
            AtomicLong count = new AtomicLong();
            letters(config).visit(options().filter(), letter -> count.incrementAndGet());
            return count.get();
        }
    }
}
