package dev.freshet.e2e.faults;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.BedRole;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Link;
import dev.freshet.e2e.bed.Part;
import dev.freshet.testkit.faults.Fault.Blackhole;
import dev.freshet.testkit.servers.Database;

/** What is asked of a process, or done to it, while it cannot reach what it needs. */
final class CutOffFaults {
    private static final int KILLED = 128 + 9;
    private static final Duration SILENCE = Duration.ofSeconds(3);
    private static final String FEW_FILES = "64";
    private static final String MANY_FILES = "4096";
    private static final String IS_READ_BY =
            "SELECT count(*) > 0 FROM pg_replication_slots WHERE slot_name = '%s' AND active_pid = %d";

    private CutOffFaults() {}

    static Stream<Fault> all() {
        Stream<Fault> each = Stream.of(Part.values())
                .flatMap(part -> Stream.of(
                        new Fault(
                                "stop-cut-off-" + part,
                                "SIGTERM to " + part + " while all its connections lose everything: it ends in time",
                                (bed, random) -> stopCutOff(bed, part)),
                        new Fault(
                                "few-files-" + part,
                                part + " may open no more files and connections for a while",
                                (bed, random) -> fewFiles(bed, part))));
        Fault held = new Fault(
                "hold-slot", "somebody else reads from the slot when ingest starts", (bed, random) -> holdSlot(bed));
        return Stream.concat(each, Stream.of(held));
    }

    private static Strike stopCutOff(Bed bed, Part part) throws Exception {
        Instance instance = bed.first(part);
        part.peers().forEach(peer -> bed.proxy(new Link(part, peer)).begin(new Blackhole()));
        bed.time().pause(SILENCE);
        int code = instance.stop();
        bed.healLinks();
        instance.start();
        if (code == KILLED) {
            throw new BrokenPromiseException(part + " was asked to end while it was cut off, and had to be killed");
        }
        return Strike.passing();
    }

    private static Strike fewFiles(Bed bed, Part part) throws Exception {
        Instance instance = bed.first(part);
        String pid = Long.toString(instance.life().process().pid());
        Tools.run("prlimit", "--pid", pid, "--nofile=" + FEW_FILES + ":" + MANY_FILES);
        // Its next connections are new ones.
        part.peers().forEach(peer -> bed.proxy(new Link(part, peer)).begin(new Blackhole()));
        bed.time().pause(SILENCE);
        bed.healLinks();
        return Strike.until(() -> {
            if (instance.isRunning()
                    && pid.equals(Long.toString(instance.life().process().pid()))) {
                Tools.run("prlimit", "--pid", pid, "--nofile=" + MANY_FILES + ":" + MANY_FILES);
            }
        });
    }

    /** As an ingest does that has lost the lead and not heard of it. */
    private static Strike holdSlot(Bed bed) throws Exception {
        LiveLog live = LiveLog.of(bed);
        Instance ingest = bed.first(Part.INGEST);
        NextLife next = NextLife.of(bed, ingest);
        ingest.stop();
        // Its stream is not closed: ingest ends the session.
        try (Connection other = replicating(BedRole.loggedInTo(bed.tables().database()))) {
            PGConnection session = other.unwrap(PGConnection.class);
            session.getReplicationAPI()
                    .replicationStream()
                    .logical()
                    .withSlotName(live.slot())
                    .withSlotOption("proto_version", "1")
                    .withSlotOption("publication_names", bed.names().publication())
                    .start();
            ingest.start();
            next.awaitSaying("Processing messages");
            if (bed.tables().holds(IS_READ_BY.formatted(live.slot(), session.getBackendPID()))) {
                throw new BrokenPromiseException("ingest goes on, and another reads from its slot");
            }
        }
        return Strike.passing();
    }

    private static Connection replicating(Database database) throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, database.user());
        PGProperty.PASSWORD.set(properties, database.password());
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
        return DriverManager.getConnection(database.jdbcUrl(), properties);
    }
}
