package dev.freshet.sink.sql;

/** The statements that write one generation. */
record Statements(
        SinkOffsets offsets,
        UpsertUsers upsertUsers,
        RemoveUsers removeUsers,
        MarkIncomplete markIncomplete,
        Watermarks watermarks,
        WaitingRows waitingRows,
        LostEntries lostEntries) {

    static Statements of(GenerationTarget target, FeatureColumns columns, String clock) {
        return new Statements(
                new SinkOffsets(target.generation()),
                new UpsertUsers(target, columns, clock),
                new RemoveUsers(target, columns.user(), clock),
                new MarkIncomplete(target, columns, clock),
                new Watermarks(target.generation()),
                new WaitingRows(target.generation()),
                new LostEntries(target.generation()));
    }
}
