package dev.freshet.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Console;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.apache.kafka.common.errors.InterruptException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.freshet.ops.erase.Erasure;
import dev.freshet.ops.erase.Proof;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.jdbc.Database;
import dev.freshet.runtime.jdbc.Timeouts;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;
import dev.freshet.schemas.Id;

/** Removes a user, everywhere. */
@Command(
        name = "erase",
        description = {
            "Removes all that Freshet holds of a user who is no longer in the source.",
            "Refuses while the source has a row of the user or an order. Removes the user from the change log, the features, the"
                    + " state, the tables, the history and the dead letters, for which the topics' settings are altered for about"
                    + " a minute and then put back. If it is interrupted, run it again.",
            "--prove then reads all of these from their beginnings and counts what is the user's; exits with 0 only if that is"
                    + " nothing. It cannot show: blocks that PostgreSQL has not vacuumed, its WAL and backups; segments that Kafka"
                    + " has yet to delete from its disks; the files below streams.state.dir, which each streams replaces at its next"
                    + " start; logs of the processes; and what others have read."
        })
final class EraseCommand implements Callable<Integer> {
    private static final String NAME = "freshet-erase";
    private static final Duration STATEMENT = Duration.ofMinutes(10);
    private static final Duration PUTTING_BACK = Duration.ofSeconds(60);

    @ArgGroup(exclusive = true, multiplicity = "1")
    private RunningSystem system = new RunningSystem();

    @Option(
            names = "--user",
            required = true,
            paramLabel = "ID",
            description = "The user's id, as PostgreSQL prints it.")
    private String user = "";

    @Option(names = "--prove", description = "Show that nothing is left, by reading everything from its beginning.")
    private boolean prove;

    @Option(names = "--yes", description = "Do not ask. Needed where there is no terminal.")
    private boolean yes;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = "--patience",
            paramLabel = "DURATION",
            converter = DurationArgument.class,
            defaultValue = "5m",
            description = "How long to wait for ingest, streams and sink, and for the brokers to compact (default:"
                    + " ${DEFAULT-VALUE}).")
    private Duration patience = Duration.ofMinutes(5);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        if (!yes && System.console() == null) {
            throw new ParameterException(spec.commandLine(), "there is no terminal to ask on: say --yes");
        }
        FreshetConfig config = system.load();
        IdType type = config.source().users().idType();
        Id id = type.id(user)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--user " + user + " is not as PostgreSQL prints a " + type.sqlName()));
        if (!yes && !isConfirmed()) {
            err().println("freshet: nothing was removed");
            return 1;
        }
        return OrderlyEnd.run(() -> erase(config, id), Thread.currentThread()::interrupt, PUTTING_BACK);
    }

    private boolean isConfirmed() {
        Console console = System.console();
        return console != null
                && "yes".equals(console.readLine("Remove all that there is of user %s, for good? [yes/no] ", user));
    }

    private int erase(FreshetConfig config, Id id) throws SQLException {
        Timeouts timeouts = Timeouts.standard().withStatement(STATEMENT);
        ProgressLine line = new ProgressLine(err(), "entries read", Time.system());
        try (Connection source =
                        new Database(config.source().login(), config.source().schema(), NAME, timeouts).open();
                Connection target =
                        new Database(config.target().login(), config.target().schema(), NAME, timeouts).open();
                Erasure erasure =
                        new Erasure(config, id, new Erasure.Databases(source, target), patience, Time.system())) {
            Telling telling = new Telling(err(), line);
            Erasure.Removed removed = erasure.run(telling);
            ObjectNode root = EraseText.json(user, removed);
            if (!json) {
                out().println(EraseText.line(user, removed));
            }
            boolean isNothingLeft = true;
            if (prove) {
                Proof proof = erasure.prove(telling);
                line.end();
                root.set("proof", EraseText.json(proof));
                isNothingLeft = proof.found() == 0;
                if (!json) {
                    EraseText.lines(proof).forEach(out()::println);
                }
            }
            if (json) {
                out().println(root.toPrettyString());
            }
            return isNothingLeft ? 0 : 1;
        } catch (InterruptedException | InterruptException e) {
            throw new Stop.Restart("interrupted; what was altered is put back, and not all is removed yet", e);
        } finally {
            line.end();
        }
    }

    private record Telling(PrintWriter err, ProgressLine line) implements Erasure.Telling {
        @Override
        public void step(String what) {
            err.println(what);
            err.flush();
        }

        @Override
        public void at(long done, long total) {
            line.at(done, total);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
