package dev.freshet.runtime.config;

/** How the source keeps the time of an order. */
public enum TimeType {
    TIMESTAMPTZ("timestamp with time zone"),
    /** Without time zone; its values are taken as UTC. */
    TIMESTAMP("timestamp without time zone");

    private final String sqlName;

    TimeType(String sqlName) {
        this.sqlName = sqlName;
    }

    /** As PostgreSQL's catalogue spells it. */
    public String sqlName() {
        return sqlName;
    }
}
