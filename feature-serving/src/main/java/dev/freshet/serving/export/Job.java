package dev.freshet.serving.export;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.IdType;
import java.sql.SQLException;

/** What both sides work with. */
record Job(FreshetConfig config, Duck duck, Labels labels, ExportProgress progress, Interruption interruption) {
    IdType ids() {
        return config.source().users().idType();
    }

    /** The users that rows are asked for. */
    UserFilter filter() throws SQLException {
        return new UserFilter(labels.users(UserFilter.MOST), ids());
    }
}
