package dev.freshet.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;
import dev.freshet.serving.explain.ExplainedInstant;
import dev.freshet.serving.explain.Explanation;
import dev.freshet.serving.explain.ExplanationJson;
import dev.freshet.serving.explain.Explanations;
import dev.freshet.serving.explain.UnusableInstantException;

/** Shows the orders behind a user's features. */
@Command(
        name = "explain",
        description = {
            "Shows the orders behind a user's features, and computes these from them once more.",
            "Without --at: the row of user_features, and what the source's orders of now make at its computed_at. Exits with 0 only"
                    + " if the two agree; where they do not it says why, as far as that can be known.",
            "With --at: what the source's orders of now make at that instant, and what the table held then, if that is still kept"
                    + " (target.history.retention). The source keeps no past: an order that has changed since counts as it is now."
                    + " Exits with 0 if the user is known."
        })
final class ExplainCommand implements Callable<Integer> {
    private static final int MOST_ORDERS = 100_000;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private RunningSystem system = new RunningSystem();

    @Option(
            names = "--user",
            required = true,
            paramLabel = "ID",
            description = "The user's id, as PostgreSQL prints it.")
    private String user = "";

    @Option(
            names = "--at",
            paramLabel = "T",
            description =
                    "An instant that is not in the future, as 2026-03-31T12:00:00Z or 2026-03-31T14:00:00.5+02:00.")
    private @Nullable String at;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "List at most N orders, the newest ones (default: ${DEFAULT-VALUE}).")
    private int limit = 100;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (limit < 0 || limit > MOST_ORDERS) {
            throw refusal("--limit " + limit + " is out of range");
        }
        @Nullable Instant instant = instant();
        FreshetConfig config = system.load();
        IdType type = config.source().users().idType();
        Id id = type.id(user)
                .orElseThrow(() -> refusal("--user " + user + " is not as PostgreSQL prints a " + type.sqlName()));
        Optional<Explanation> found = explain(config, id, instant);
        if (found.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("freshet: user " + user + " is not in the source, and the table "
                            + (at == null ? "has no row of it" : "held no row of it that is still known"));
            return 1;
        }
        Explanation explanation = found.get();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(ExplanationJson.render(explanation).toPrettyString());
        } else {
            for (String line : ExplainText.lines(explanation, instant != null)) {
                out.println(NamedCommands.runnable(line, spec.commandLine()));
            }
        }
        return explanation.conclusion().verdict().isGood() ? 0 : 1;
    }

    private @Nullable Instant instant() {
        try {
            return at == null ? null : ExplainedInstant.parse(at);
        } catch (UnusableInstantException e) {
            throw refusal("--at " + e.getMessage());
        }
    }

    private Optional<Explanation> explain(FreshetConfig config, Id id, @Nullable Instant instant) throws Exception {
        try {
            return new Explanations(config, limit, Time.system()).of(id, instant);
        } catch (UnusableInstantException e) {
            throw refusal("--at " + e.getMessage());
        }
    }

    private ParameterException refusal(String reason) {
        return new ParameterException(spec.commandLine(), reason);
    }
}
