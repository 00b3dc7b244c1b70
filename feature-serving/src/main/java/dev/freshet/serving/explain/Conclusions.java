package dev.freshet.serving.explain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What to say of a comparison: the reason of the verdict first, then what else a reader should know. */
final class Conclusions {
    private Conclusions() {}

    static Explanation.Conclusion of(Verdict verdict, Look look) {
        List<String> notes = new ArrayList<>();
        HeldRow row = look.table().row();
        switch (verdict) {
            case AGREES -> {}
            case BEHIND ->
                notes.add("the source has changed since: the table is complete through "
                        + look.table().completeThrough() + " only, and freshet status tells how far behind that is");
            case CHANGING -> notes.add("the user's orders change all the time: run it again");
            case INCOMPLETE ->
                notes.add("something of this user could not be used: freshet deadletters list tells what");
            case DIFFERS -> {
                notes.add(
                        "the table has all that the source had, and differs all the same: freshet reconcile --repair");
                if (row == null) {
                    notes.add("why there is no row may be in what freshet deadletters list tells");
                }
            }
            case NOTHING_HELD -> notes.add("readers saw no row of the user then: only the orders are told");
            case NOT_KEPT ->
                notes.add("what the table held then is no longer kept, as the history reaches back for"
                        + " target.history.retention: only the orders are told");
            case HELD_OTHERWISE ->
                notes.add("the table held something else then: orders have changed since, came later than they are"
                        + " dated, or the table was behind");
        }
        if (row != null && row.incomplete() && verdict != Verdict.INCOMPLETE) {
            notes.add("the row is incomplete all the same: freshet deadletters list tells why");
        }
        if (!look.source().moment().hasUser()) {
            notes.add("the source has no such user");
        }
        SourceSide source = look.source().source();
        @Nullable Instant exactUntil = row == null ? null : row.exactUntil();
        boolean isNow = verdict != Verdict.HELD_OTHERWISE;
        if (isNow && exactUntil != null && !source.clock().isBefore(exactUntil)) {
            notes.add("time has changed the row since: it was exact until " + exactUntil);
        }
        return new Explanation.Conclusion(verdict, addRest(notes, source.rest()));
    }

    private static List<String> addRest(List<String> notes, SourceSide.Rest rest) {
        if (rest.later() > 0) {
            notes.add(counted(rest.later(), "is dated later, and counts", "are dated later, and count") + " from "
                    + rest.firstLater() + " on");
        }
        if (rest.left() > 0) {
            notes.add(counted(rest.left(), "has", "have") + " left every window");
        }
        if (rest.timeless() > 0) {
            notes.add(counted(rest.timeless(), "has no time, and belongs", "have no time, and belong")
                    + " to no feature");
        }
        if (rest.outsideDomain() > 0) {
            notes.add(counted(rest.outsideDomain(), "cannot", "cannot")
                    + " be used: created_at has to be in the years 1 to 9999, and an amount of at most 1,000 digits");
        }
        return List.copyOf(notes);
    }

    private static String counted(long count, String one, String many) {
        return count == 1 ? "1 order " + one : String.format(Locale.ROOT, "%,d orders %s", count, many);
    }
}
