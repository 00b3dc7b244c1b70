package dev.freshet.sink.sql;

import java.sql.ResultSet;
import java.sql.SQLException;

import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.schemas.Id;

/** The column user_id, of the type that the source's ids are configured to have. */
record UserColumn(IdType type) {
    String sqlType() {
        return type.sqlName();
    }

    /**
     * As a statement's parameter.
     *
     * @throws Stop.Operator if it is not of the type: then the configuration is not that of the ingest that wrote it
     */
    Object parameter(Id user) {
        if (type == IdType.BIGINT && user instanceof Id.OfLong number) {
            return number.value();
        }
        if (type != IdType.BIGINT
                && user instanceof Id.OfText text
                && (type == IdType.TEXT || IdType.isPrintedUuid(text.value()))) {
            return text.value();
        }
        throw new Stop.Operator(
                "user " + user + " of the features topic is no " + type.sqlName(),
                "Set source.users.id.type to what it is for ingest.");
    }

    Id read(ResultSet row, int index) throws SQLException {
        return type == IdType.BIGINT ? Id.of(row.getLong(index)) : Id.of(row.getString(index));
    }
}
