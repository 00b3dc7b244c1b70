package dev.freshet.schemas.catalogue;

/** What a feature computes over the orders of its window. What each yields for no orders is part of the contract. */
public enum Aggregate {
    /** The number of orders; 0 when none. */
    COUNT(false),
    /** The exact sum of a column; NULL when none. */
    SUM(true),
    /** The exact quotient sum / count of a column, rounded to 4 places, half away from zero; NULL when none. */
    AVG(true),
    /** The UTC date of the newest created_at; NULL when none. */
    LAST_DATE(false);

    private final boolean overColumn;

    Aggregate(boolean overColumn) {
        this.overColumn = overColumn;
    }

    /** True if the aggregate is over a column of the order; false if over the order itself. */
    public boolean isOverColumn() {
        return overColumn;
    }
}
