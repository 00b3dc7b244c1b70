package dev.freshet.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import dev.freshet.runtime.time.Time;
import dev.freshet.serving.auth.NewToken;
import dev.freshet.serving.auth.Scope;
import dev.freshet.serving.explain.ExplainedInstant;
import dev.freshet.serving.explain.UnusableInstantException;

/** Makes a token for lookups. */
@Command(
        name = "serve-token",
        description = {
            "Makes a bearer token for lookups, and the line by which freshet serve knows it.",
            "Standard output has two lines: the token, for whoever is to ask, and the line for the file that"
                    + " serving.tokens.file names. That holds the token's SHA-256; the token itself is kept nowhere, and is"
                    + " not shown again. freshet serve reads the file again when it changes."
        })
final class ServeTokenCommand implements Callable<Integer> {
    /** What begins with this word is an expiry in the file. */
    private static final Pattern LABEL =
            Pattern.compile("(?!(?i)expire|.* expire[sd]? *[=:])[\\p{Graph}][\\p{Print}]{0,99}");

    @Option(
            names = "--scope",
            required = true,
            paramLabel = "read|admin",
            converter = ScopeArgument.class,
            description = "read: lookups; admin: also the orders behind a value.")
    private Scope scope = Scope.READ;

    @Option(
            names = "--label",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Whose it is, as the log is to call them.")
    private String label = "";

    @Option(
            names = "--expires",
            paramLabel = "T",
            description =
                    "From then on it is none, as 2030-03-31T12:00:00Z or 2030-03-31T14:00:00+02:00 (default: never).")
    private @Nullable String expires;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** A scope as the file of tokens spells it. */
    static final class ScopeArgument implements ITypeConverter<Scope> {
        @Override
        public Scope convert(String text) {
            List<String> known = Arrays.stream(Scope.values()).map(Scope::text).toList();
            return Scope.of(text)
                    .orElseThrow(() -> new TypeConversionException("is none of " + String.join(", ", known)));
        }
    }

    @Override
    public Integer call() {
        if (!label.isEmpty() && !LABEL.matcher(label).matches()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--label takes up to 100 printable characters, and begins neither with a blank nor with 'expire'");
        }
        NewToken made = NewToken.make(scope, label, end());
        PrintWriter out = spec.commandLine().getOut();
        out.println(made.token());
        out.println(made.line());
        out.flush();
        spec.commandLine()
                .getErr()
                .println(
                        "The first line is the token: give it to whoever is to ask. Put the second one into the file that"
                                + " serving.tokens.file names: freshet serve takes it within three seconds.");
        return 0;
    }

    private @Nullable Instant end() {
        if (expires == null) {
            return null;
        }
        try {
            Instant end = ExplainedInstant.parse(expires);
            if (end.isAfter(Time.system().now())) {
                return end;
            }
        } catch (UnusableInstantException e) {
            throw new ParameterException(spec.commandLine(), "--expires " + e.getMessage());
        }
        throw new ParameterException(spec.commandLine(), "--expires " + expires + " is not in the future");
    }
}
