package dev.freshet.serving.explain;

/** What became of comparing the table with the source's orders. */
public enum Verdict {
    /** They say the same. */
    AGREES,
    /** They differ, and the table does not have all yet that the source has. */
    BEHIND,
    /** They differ, and the user's orders changed each time they were looked at. */
    CHANGING,
    /** They differ, and the row is flagged for it. */
    INCOMPLETE,
    /** They differ, and nothing explains it. */
    DIFFERS,
    /** At an instant that was asked for, readers saw no row of the user. */
    NOTHING_HELD,
    /** What the table held at an instant that was asked for is no longer kept. */
    NOT_KEPT,
    /** At an instant that was asked for, the table held something else than the orders of today make. */
    HELD_OTHERWISE;

    /** Whether the table is what it should be, as far as that was asked. */
    public boolean isGood() {
        return this == AGREES || this == NOTHING_HELD || this == NOT_KEPT || this == HELD_OTHERWISE;
    }
}
