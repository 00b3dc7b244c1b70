package dev.freshet.ops.status;

import java.util.List;
import org.jspecify.annotations.Nullable;

import dev.freshet.runtime.generation.Generation;

/**
 * How a system is. What a server that does not answer would have told is null, or an empty list.
 *
 * @param slots one for each change log that is fed
 * @param deadLetters that nobody has dealt with
 * @param unreachable servers that did not answer
 */
public record StatusReport(
        List<GenerationStatus> generations,
        List<SlotStatus> slots,
        @Nullable Long deadLetters,
        List<Unreachable> unreachable) {

    /**
     * @param table null if it has none
     * @param streamsLag entries of its change log that streams has not committed yet
     * @param sinkLag entries of its features topic that are not in the target yet
     */
    public record GenerationStatus(
            Generation generation,
            @Nullable TableStatus table,
            @Nullable Long streamsLag,
            @Nullable Long sinkLag) {}

    /**
     * @param rows about as many if that is estimated, which it is for large tables
     * @param incomplete rows that are flagged
     * @param waiting entries that wait for their user
     * @param lost entries that could neither be written nor flagged
     * @param lsn up to which all of the source is in it; null while some is missing
     * @param ageSeconds of that, by the source's clock where it answers, else by this machine's
     */
    public record TableStatus(
            long rows,
            boolean estimated,
            long incomplete,
            long waiting,
            long lost,
            @Nullable String lsn,
            @Nullable Double ageSeconds) {

        TableStatus completeTo(String reached, double age) {
            return new TableStatus(rows, estimated, incomplete, waiting, lost, reached, age);
        }
    }

    /**
     * @param active an ingest reads from it
     * @param walStatus reserved, extended, unreserved or lost
     * @param retainedBytes WAL that the source keeps for it
     * @param behindBytes WAL of the source that ingest has not put into the change log yet
     */
    public record SlotStatus(String name, boolean active, String walStatus, long retainedBytes, long behindBytes) {}

    /**
     * @param server source, target or kafka
     * @param reason in one line
     */
    public record Unreachable(String server, String reason) {}
}
