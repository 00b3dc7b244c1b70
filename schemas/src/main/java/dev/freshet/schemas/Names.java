package dev.freshet.schemas;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.freshet.schemas.catalogue.FeatureDefinition;

/**
 * The names under which anything is persisted outside of a process: topics, groups, slot, publication, tables. They are
 * state: renaming one loses what it holds. Names of stores and nodes of the topology are in the streams' own class, which
 * starts from here.
 *
 * @param prefix the deployment's name, distinct for deployments that share a broker or a database
 */
public record Names(String prefix) {

    /** The view that readers name. */
    public static final String VIEW = "user_features";

    public static final String HISTORY = "user_features_history";

    /** The history with the end of each version's time in the table. */
    public static final String HELD = "user_features_held";

    public static final String GENERATIONS = "freshet_generation";

    /** Since when readers saw which generation; only ever added to. */
    public static final String EPOCHS = "freshet_epoch";

    public static final String SINK_OFFSETS = "freshet_sink_offset";
    public static final String WAITING_ROWS = "freshet_sink_waiting";

    /** Entries that are neither in the table nor flagged there. */
    public static final String LOST = "freshet_sink_lost";

    public static final String WATERMARKS = "freshet_watermark";
    public static final String COMPLETE_THROUGH = "freshet_complete_through";

    /** Users of whom somebody asked that they be read anew from the source. */
    public static final String REPAIRS = "freshet_repair";

    /** Compactions that erasures of users forced. */
    public static final String ERASURES = "freshet_erasure";

    /** What instances of streams tell an erasure of the copies of state that they keep. */
    public static final String STATE_COPIES = "freshet_state_copy";

    public static final String TRUTH = "user_features_at";

    /** Its slot and transactions have the names that the only ones had before there could be several logs. */
    private static final int FIRST_LOG = 1;

    public Names {
        if (!FeatureDefinition.NAME.matcher(prefix).matches() || prefix.length() > 40) {
            throw new IllegalArgumentException(
                    "name '" + prefix + "' is not of the form [a-z][a-z0-9_]{0,39}: a slot's name allows no other");
        }
    }

    /** The change log of a generation. */
    public String changes(int generation) {
        return prefix + ".changes.g" + generation;
    }

    /** The features topic of a generation. */
    public String features(int generation) {
        return prefix + ".features.g" + generation;
    }

    /** Positions of ingest, of all generations: one partition, compacted, keyed by the generation. */
    public String positions() {
        return prefix + ".positions";
    }

    public String deadLetters() {
        return prefix + ".dead-letters";
    }

    /** Application id of the Kafka Streams job of a generation, and so prefix of its internal topics. */
    public String application(int generation) {
        return prefix + ".features-job.g" + generation;
    }

    /** Consumer group of the sinks of a generation; its offsets are in the target, not in Kafka. */
    public String sinkGroup(int generation) {
        return prefix + ".sink.g" + generation;
    }

    /** transactional.id of the one ingest, for a change log. */
    public String ingestTransactions(int log) {
        return prefix + ".ingest" + (log == FIRST_LOG ? "" : ".g" + log);
    }

    /** The replication slot that a change log is fed from. */
    public String slot(int log) {
        return prefix + "_slot" + (log == FIRST_LOG ? "" : "_g" + log);
    }

    /** The change log that a slot is for; empty if the name is not that of a slot of this deployment. */
    public OptionalInt logOfSlot(String slot) {
        if (slot.equals(slot(FIRST_LOG))) {
            return OptionalInt.of(FIRST_LOG);
        }
        Matcher further = Pattern.compile(Pattern.quote(prefix) + "_slot_g([1-9]\\d{0,8})")
                .matcher(slot);
        return further.matches() ? OptionalInt.of(Integer.parseInt(further.group(1))) : OptionalInt.empty();
    }

    public String publication() {
        return prefix + "_publication";
    }

    /** The physical table of a generation. */
    public String table(int generation) {
        return VIEW + "_g" + generation;
    }

    /** The subject under which the values of a topic are registered, the Confluent convention. */
    public static String subject(String topic) {
        return topic + "-value";
    }
}
