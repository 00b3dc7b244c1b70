package dev.freshet.ingest.source;

import dev.freshet.ingest.capture.Mapping.SourceTable;

/** A table's replica identity in a word that changes whenever the identity does. */
final class ReplicaIdentityMark {
    private ReplicaIdentityMark() {}

    /** An SQL expression for it: the kind, and of an index its columns, which a REINDEX leaves as they are. */
    static String expression(SourceTable table) {
        String oid = "'" + table.quoted().replace("'", "''") + "'::regclass";
        return "(SELECT c.relreplident::text || coalesce((SELECT '-' || replace(i.indkey::text, ' ', '-') FROM pg_index i"
                + " WHERE i.indrelid = c.oid AND i.indisreplident), '')"
                + " FROM pg_class c WHERE c.oid = " + oid + ")";
    }
}
