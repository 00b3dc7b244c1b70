package dev.freshet.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import dev.freshet.serving.auth.NewToken;
import dev.freshet.serving.auth.Scope;

/** Makes a token for lookups. */
@Command(
        name = "serve-token",
        description = {
            "Makes a bearer token for lookups, and the line by which freshet serve knows it.",
            "Standard output has two lines: the token, for whoever is to ask, and the line for the file that"
                    + " serving.tokens.file names. That holds the token's SHA-256; the token itself is kept nowhere, and is"
                    + " not shown again. freshet serve reads the file when it starts."
        })
final class ServeTokenCommand implements Callable<Integer> {
    private static final Pattern LABEL = Pattern.compile("[\\p{Graph}][\\p{Print}]{0,99}");

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
                    spec.commandLine(), "--label takes up to 100 printable characters, and begins with no blank");
        }
        NewToken made = NewToken.make(scope, label);
        PrintWriter out = spec.commandLine().getOut();
        out.println(made.token());
        out.println(made.line());
        out.flush();
        spec.commandLine()
                .getErr()
                .println(
                        "The first line is the token: give it to whoever is to ask. Put the second one into the file that"
                                + " serving.tokens.file names, and start freshet serve anew.");
        return 0;
    }
}
