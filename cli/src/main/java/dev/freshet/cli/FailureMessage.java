package dev.freshet.cli;

import java.sql.SQLException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

import dev.freshet.ops.drift.DriftCheckException;
import dev.freshet.runtime.lifecycle.Diagnosis;
import dev.freshet.runtime.lifecycle.ExitCode;
import dev.freshet.testkit.servers.ServerStartException;

/** Says on standard error what went wrong and what to do, and chooses the exit code; the stack only with --verbose. */
final class FailureMessage implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed) {
        ExitCode code = code(failure);
        commandLine
                .getErr()
                .println("freshet: " + NamedCommands.runnable(text(Diagnosis.of(failure), code), commandLine));
        if (Freshet.isVerbose(commandLine)) {
            failure.printStackTrace(commandLine.getErr());
        }
        return code.code();
    }

    private static ExitCode code(Exception failure) {
        if (failure instanceof ServerStartException || failure instanceof DriftCheckException) {
            return ExitCode.OPERATOR;
        }
        return ExitCode.of(failure);
    }

    private static String text(Throwable failure, ExitCode code) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        if (failure instanceof SQLException sql) {
            return "the database says: " + message + " (SQLSTATE " + sql.getSQLState() + ")";
        }
        return switch (code) {
            case INTERNAL ->
                failure + "\nThis is a fault of Freshet's own: run it again with --verbose and report what it says.";
            case TEMPORARY -> message + "\nRun it again.";
            case OK, USAGE, OPERATOR -> message;
        };
    }
}
