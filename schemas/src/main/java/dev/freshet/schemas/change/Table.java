package dev.freshet.schemas.change;

/** The two source tables, whatever a shop calls them. */
public enum Table {
    USERS,
    ORDERS
}
