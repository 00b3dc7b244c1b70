package dev.freshet.serving.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** One of the two places that features come from. Read first, joined then. */
interface Side {
    /** Brings the rows that are needed into DuckDB. */
    void read() throws SQLException;

    /** Makes the features of each label of them. */
    void join() throws SQLException;

    /** The features as they are written. */
    List<FeatureColumn> columns();

    /** Says which state was read, in place of a null that says that none was. */
    void describe(ObjectNode manifest);

    /** Says what was met. */
    void count(Map<String, Long> counts) throws SQLException;
}
