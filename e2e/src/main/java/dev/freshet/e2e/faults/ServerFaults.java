package dev.freshet.e2e.faults;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.freshet.e2e.bed.Bed;
import dev.freshet.e2e.bed.Part;
import dev.freshet.runtime.monitoring.Reason.Code;
import dev.freshet.testkit.process.OsProcess;
import dev.freshet.testkit.servers.EmbeddedServer;
import dev.freshet.testkit.servers.EmbeddedServers;

/** What happens to PostgreSQL, the broker and the registry. They come back with their data on the port that they had. */
final class ServerFaults {
    /**
     * A server.
     *
     * @param code what processes tell of it when it is away
     * @param told by whom, as long as they live: ingest ends when the source does, and waits for it at its next start
     */
    private record Which(String name, Function<EmbeddedServers, EmbeddedServer> server, Code code, List<Part> told) {
        EmbeddedServer of(Bed bed) {
            return server.apply(bed.servers());
        }

        Strike until(Strike.Healing healing) {
            return Strike.until(healing, code, told.toArray(Part[]::new));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Part> ALL_BUT_INGEST = List.of(Part.STREAMS, Part.SINK);

    private ServerFaults() {}

    static Stream<Fault> all() {
        return Stream.of(
                        new Which("postgres", EmbeddedServers::postgres, Code.TARGET_UNREACHABLE, ALL_BUT_INGEST),
                        new Which("kafka", EmbeddedServers::kafka, Code.KAFKA_UNREACHABLE, ALL_BUT_INGEST),
                        new Which(
                                "registry",
                                EmbeddedServers::registry,
                                Code.REGISTRY_UNREACHABLE,
                                List.of(Part.values())))
                .flatMap(ServerFaults::of);
    }

    private static Stream<Fault> of(Which which) {
        return Stream.of(
                new Fault(
                        "kill-" + which,
                        "kill -9 of " + which,
                        (bed, random) -> away(bed, which, EmbeddedServer::killHard)),
                new Fault(
                        "stop-" + which,
                        "an orderly end of " + which,
                        (bed, random) -> away(bed, which, EmbeddedServer::stop)),
                new Fault(
                        "freeze-" + which,
                        "SIGSTOP of " + which + ", which keeps its connections and says nothing",
                        (bed, random) -> freeze(bed, which)));
    }

    private static Strike away(Bed bed, Which which, Consumer<EmbeddedServer> end) {
        end.accept(which.of(bed));
        return which.until(() -> which.of(bed).start());
    }

    private static Strike freeze(Bed bed, Which which) {
        signal(bed, which, "STOP");
        return which.until(() -> signal(bed, which, "CONT"));
    }

    private static void signal(Bed bed, Which which, String name) {
        OsProcess.of(which.of(bed).pid()).orElseThrow().signalWithDescendants(name);
    }
}
