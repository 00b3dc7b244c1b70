package dev.freshet.serving.export;

import java.sql.SQLException;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.IdType;

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
