package dev.freshet.e2e.faults;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Instance;
import dev.freshet.e2e.bed.Link;
import dev.freshet.e2e.bed.Part;
import dev.freshet.e2e.bed.Peer;
import dev.freshet.e2e.process.OutOfPatienceException;
import dev.freshet.testkit.faults.Fault.Side;
import dev.freshet.testkit.faults.Fault.Silence;
import dev.freshet.testkit.faults.FaultProxy;

/**
 * kill -9 of ingest at the places where it could cost a change or write one twice. That the place was met is told by what the next
 * life finds in the log, and by what the source knows.
 */
final class IngestKills {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String QUIET = "UPDATE orders SET total = total + 1 WHERE user_id ";
    private static final int FIRST_QUIET = 900_001;
    private static final int QUIET_USERS = 400;

    /** ingest.max.transaction.changes: of a smaller one nothing is in the log before its end. */
    private static final int ONE_OF_KAFKA = 5_000;

    private static final Pattern BOUNDARY = Pattern.compile("\"lsn\":(\\d+)");
    private static final Pattern APPENDED = Pattern.compile("appendedSince=(\\d+)");

    private IngestKills() {}

    static Stream<Fault> all() {
        return Stream.of(
                new Fault(
                        "kill-ingest-open-transaction",
                        "kill -9 of ingest while a source transaction is open of which it has passed the beginning",
                        IngestKills::inOpenTransaction),
                new Fault(
                        "kill-ingest-before-acknowledgement",
                        "kill -9 of ingest between its commit in Kafka and the source's hearing of it",
                        IngestKills::beforeAcknowledgement),
                new Fault(
                        "kill-ingest-large-transaction",
                        "kill -9 of ingest in the middle of a source transaction that spans several of Kafka's",
                        IngestKills::inLargeTransaction));
    }

    private static Strike inOpenTransaction(Bed bed, SplittableRandom random) throws Exception {
        LiveLog live = LiveLog.of(bed);
        Instance ingest = bed.first(Part.INGEST);
        NextLife next = NextLife.of(bed, ingest);
        int user = random.nextInt(FIRST_QUIET, FIRST_QUIET + QUIET_USERS - 1);
        try (Connection connection = bed.tables().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(QUIET + "= " + user);
            long within = bed.tables().number("SELECT (pg_current_wal_lsn() - '0/0')::bigint");
            bed.patience(SOON)
                    .until("an acknowledgement behind the beginning", Bed.LOOK, () -> live.confirmed(bed) > within);
            bed.processes().kill(ingest);
            statement.execute(QUIET + "IN (" + user + ", " + (user + 1) + ")");
            if (random.nextBoolean()) {
                next.awaitSaying("found log=" + live.log() + " ");
            }
            connection.commit();
        }
        return Strike.passing();
    }

    private static Strike beforeAcknowledgement(Bed bed, SplittableRandom random) throws Exception {
        LiveLog live = LiveLog.of(bed);
        Instance ingest = bed.first(Part.INGEST);
        NextLife next = NextLife.of(bed, ingest);
        FaultProxy source = bed.proxy(new Link(Part.INGEST, Peer.SOURCE));
        long confirmed;
        ingest.hold();
        try {
            // From here on the source hears nothing of ingest, which goes on with what it is sent.
            source.begin(new Silence(Side.SERVER));
            // The end of one that was acknowledged may still be on its way to the partitions.
            long before = bed.logEnds().ended(live.changes());
            bed.patience(SOON)
                    .until(
                            "a commit that is not acknowledged",
                            Duration.ofMillis(1 + random.nextInt(20)),
                            () -> bed.logEnds().committed(live.changes()) > before);
            bed.processes().kill(ingest);
            source.heal();
            awaitNoReader(bed, live);
            confirmed = live.confirmed(bed);
        } catch (OutOfPatienceException e) {
            throw new MissedException("ingest has asked the source something, and waited: " + e.getMessage());
        } finally {
            source.heal();
            ingest.release();
        }
        String position = next.awaitLine("found log=" + live.log() + " ");
        long found = number(BOUNDARY, position);
        if (found <= confirmed && number(APPENDED, position) == 0) {
            throw new MissedException("all that was committed up to " + found + " had been acknowledged");
        }
        return Strike.passing();
    }

    private static Strike inLargeTransaction(Bed bed, SplittableRandom random) throws Exception {
        LiveLog live = LiveLog.of(bed);
        Instance ingest = bed.first(Part.INGEST);
        NextLife next = NextLife.of(bed, ingest);
        long before = bed.logEnds().committed(live.changes());
        bed.tables().execute(QUIET + ">= " + FIRST_QUIET);
        long into = random.nextInt(ONE_OF_KAFKA, bed.tables().quietOrders() - 2 * ONE_OF_KAFKA);
        bed.patience(Duration.ofSeconds(60))
                .until(
                        "the middle of a large transaction",
                        Bed.LOOK,
                        () -> bed.logEnds().committed(live.changes()) > before + into);
        bed.processes().kill(ingest);
        if (number(APPENDED, next.awaitLine("found log=" + live.log() + " ")) < ONE_OF_KAFKA) {
            throw new MissedException("the transaction was whole in the log");
        }
        return Strike.passing();
    }

    /** The source notices the end of a connection, or acknowledgements on the way to it, when it looks. */
    private static void awaitNoReader(Bed bed, LiveLog live) throws Exception {
        bed.patience(SOON).until("the end of the slot's reader", Bed.LOOK, () -> bed.tables()
                .holds("SELECT NOT active FROM pg_replication_slots WHERE slot_name = '" + live.slot() + "'"));
    }

    private static long number(Pattern pattern, String line) throws MissedException {
        Matcher found = pattern.matcher(line);
        if (!found.find()) {
            throw new MissedException("no position in: " + line);
        }
        return Long.parseLong(found.group(1));
    }
}
