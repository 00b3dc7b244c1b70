package dev.freshet.e2e.faults;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Link;
import dev.freshet.e2e.bed.Part;
import dev.freshet.e2e.bed.Peer;
import dev.freshet.runtime.monitoring.Reason.Code;
import dev.freshet.testkit.faults.Fault.Blackhole;
import dev.freshet.testkit.faults.Fault.CutAfter;
import dev.freshet.testkit.faults.Fault.CutReply;
import dev.freshet.testkit.faults.Fault.Latency;
import dev.freshet.testkit.faults.Fault.Reset;
import dev.freshet.testkit.faults.Fault.Side;
import dev.freshet.testkit.faults.FaultProxy;

/** What happens between a process and a server that are both well. */
final class LinkFaults {
    private static final int SLOWEST_MILLIS = 300;
    private static final int MOST_BYTES = 4_096;
    private static final int CUTS = 8;
    private static final Duration BETWEEN_CUTS = Duration.ofMillis(500);

    private LinkFaults() {}

    static Stream<Fault> all() {
        return Link.all().stream().flatMap(LinkFaults::of);
    }

    private static Stream<Fault> of(Link link) {
        String way = "the connections of " + link.part() + " to " + link.peer();
        return Stream.of(
                new Fault("slow-" + link, way + " are slow", (bed, random) -> {
                    Duration each = Duration.ofMillis(1 + random.nextInt(SLOWEST_MILLIS));
                    return lasting(bed, link, new Latency(each), false);
                }),
                new Fault(
                        "blackhole-" + link,
                        "all bytes on " + way + " are lost, and no end is told",
                        (bed, random) -> lasting(bed, link, new Blackhole(), true)),
                new Fault("reset-" + link, way + " are reset", (bed, random) -> lasting(bed, link, new Reset(), true)),
                new Fault(
                        "cut-" + link,
                        way + " are cut within a message, again and again",
                        (bed, random) -> cuts(bed, link, random)),
                new Fault(
                        "cut-reply-" + link,
                        way + " are cut when the server has done what it was asked, and replies",
                        (bed, random) -> repliesCut(bed, link)));
    }

    private static Strike lasting(Bed bed, Link link, dev.freshet.testkit.faults.Fault fault, boolean isAway) {
        FaultProxy proxy = bed.proxy(link);
        proxy.begin(fault);
        return isAway && tellsOf(link)
                ? Strike.until(proxy::heal, code(link.peer()), link.part())
                : Strike.until(proxy::heal);
    }

    /** Ingest ends, and begins anew, where it loses the source or a commit in Kafka: then it tells nothing for some seconds. */
    private static boolean tellsOf(Link link) {
        return link.part() != Part.INGEST || link.peer() == Peer.REGISTRY || link.peer() == Peer.TARGET;
    }

    private static Code code(Peer peer) {
        return switch (peer) {
            case SOURCE -> Code.SOURCE_UNREACHABLE;
            case TARGET -> Code.TARGET_UNREACHABLE;
            case KAFKA -> Code.KAFKA_UNREACHABLE;
            case REGISTRY -> Code.REGISTRY_UNREACHABLE;
        };
    }

    private static Strike cuts(Bed bed, Link link, SplittableRandom random) throws Exception {
        FaultProxy proxy = bed.proxy(link);
        for (int cut = 0; cut < CUTS; cut++) {
            Side side = random.nextBoolean() ? Side.CLIENT : Side.SERVER;
            proxy.begin(new CutAfter(side, 1 + random.nextInt(MOST_BYTES)));
            bed.time().pause(BETWEEN_CUTS);
        }
        proxy.heal();
        return Strike.passing();
    }

    private static Strike repliesCut(Bed bed, Link link) throws Exception {
        FaultProxy proxy = bed.proxy(link);
        for (int cut = 0; cut < CUTS; cut++) {
            proxy.begin(new CutReply());
            bed.time().pause(BETWEEN_CUTS.dividedBy(4));
            proxy.heal();
            bed.time().pause(BETWEEN_CUTS);
        }
        return Strike.passing();
    }
}
