package dev.freshet.ingest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.freshet.runtime.generation.Generation;
import dev.freshet.runtime.generation.GenerationState;

/** The change logs that generations read which are fed, each named by the generation that it was begun for. */
final class FedLogs {
    private FedLogs() {}

    /**
     * @param readers that changes flow into
     * @return oldest first: LIVE if the live generation reads it, BUILDING if only the one does that it was begun for and that is not
     *     complete yet; else a STANDBY
     */
    static List<Generation> of(List<Generation> readers) {
        List<Generation> ascending = new ArrayList<>(readers);
        ascending.sort(Comparator.comparing(FedLogs::isLive).thenComparing(FedLogs::isBegunFor));
        Map<Integer, Generation> logs = new TreeMap<>();
        for (Generation reader : ascending) {
            Generation.Log log = reader.log();
            GenerationState state = isLive(reader) || isBegunFor(reader) ? reader.state() : GenerationState.STANDBY;
            logs.put(log.number(), new Generation(log.number(), state, 0, log, reader.livesByItself(), ""));
        }
        return List.copyOf(logs.values());
    }

    private static boolean isLive(Generation reader) {
        return reader.state() == GenerationState.LIVE;
    }

    private static boolean isBegunFor(Generation reader) {
        return reader.number() == reader.log().number();
    }
}
