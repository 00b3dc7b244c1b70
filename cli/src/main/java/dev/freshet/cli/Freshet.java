package dev.freshet.cli;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import dev.freshet.runtime.lifecycle.ExitCode;

/** The command itself: it only has subcommands. */
@Command(
        name = "freshet",
        description = "Keeps a feature table fresh: row changes in PostgreSQL become exact features per user.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it ended as it was asked to",
            "1:what was checked does not hold: the table differs, or a figure does not count",
            "2:the command line or the configuration is wrong",
            "70:a fault of Freshet's own: please report it",
            "75:a restart is the cure",
            "78:a person must act first; the message says what to do"
        },
        subcommands = {
            DemoCommand.class,
            IngestCommand.class,
            StreamsCommand.class,
            SinkCommand.class,
            AllCommand.class,
            ServeCommand.class,
            ServeTokenCommand.class,
            StatusCommand.class,
            DoctorCommand.class,
            DriftCommand.class,
            ReconcileCommand.class,
            DeadLettersCommand.class,
            ReplayCommand.class,
            EraseCommand.class,
            ExplainCommand.class,
            ExportCommand.class,
            TruthSqlCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Freshet implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show where an error came from, and log in detail.")
    private boolean verbose;

    /** Runs the command line and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(execute(commandLine(), arguments));
    }

    static int execute(CommandLine commandLine, String... arguments) {
        Optional<String> fault = Arguments.fault(arguments);
        if (fault.isPresent()) {
            return refuse(new ParameterException(commandLine, fault.get()));
        }
        int code = commandLine.execute(arguments);
        // A writer only remembers that the disk was full, or that whoever read it had gone; System.out keeps it from
        // one over it.
        if (code == 0 && (commandLine.getOut().checkError() || System.out.checkError())) {
            commandLine
                    .getErr()
                    .println("freshet: what it was asked to do is done, but its output could not be written");
            return ExitCode.OPERATOR.code();
        }
        return code;
    }

    /** With the process's own output; tests set another one. */
    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Freshet());
        ServiceLoader.load(Subcommand.class).forEach(commandLine::addSubcommand);
        commandLine.setExpandAtFiles(false);
        commandLine.setExecutionExceptionHandler(new FailureMessage());
        commandLine.setParameterExceptionHandler(Freshet::refuse);
        commandLine.setExecutionStrategy(parsed -> {
            Freshet freshet = (Freshet) parsed.commandSpec().root().userObject();
            LogOutput.toStandardError(freshet.verbose);
            return new CommandLine.RunLast().execute(parsed);
        });
        return commandLine;
    }

    /** The message and where to read on: below the whole help nobody would find it. */
    private static int refuse(ParameterException wrong, String... arguments) {
        CommandLine commandLine = wrong.getCommandLine();
        PrintWriter err = commandLine.getErr();
        err.println("freshet: " + text(wrong));
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
        err.print(
                commandLine.getHelp().synopsisHeading() + commandLine.getHelp().synopsis(0));
        err.println("see '" + commandLine.getCommandSpec().qualifiedName() + " --help'");
        return commandLine.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** Of what is unknown only the first, and no value: what follows may be a password. */
    private static String text(ParameterException wrong) {
        if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            String kind = unmatched.isUnknownOption() ? "unknown option '" : "unknown argument '";
            return kind + first.substring(0, first.contains("=") ? first.indexOf('=') : first.length()) + "'";
        }
        String message = String.valueOf(wrong.getMessage());
        return message.startsWith("Error: ") ? message.substring("Error: ".length()) : message;
    }

    static boolean isVerbose(CommandLine commandLine) {
        return ((Freshet) commandLine.getCommandSpec().root().userObject()).verbose;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }
}
