package dev.freshet.serving.export;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.freshet.runtime.config.IdType;
import dev.freshet.runtime.time.Micros;

/** The labels in DuckDB: the table {@code given} as they came, and {@code labels} as they are understood. */
final class Labels {
    /** How many of the rows at fault are told. */
    private static final int TOLD = 20;

    private static final String FAULTS =
            "SELECT r + 1, fault FROM labels WHERE fault IS NOT NULL ORDER BY r LIMIT " + TOLD;

    private final Duck duck;
    private final Path file;
    private final LabelCopy copy;
    private final LabelColumns columns;

    private Labels(Duck duck, Path file, LabelCopy copy, LabelColumns columns) {
        this.duck = duck;
        this.file = file;
        this.copy = copy;
        this.columns = columns;
    }

    /**
     * @param added names of the columns that the export adds
     * @throws ExportRefusedException if they cannot be used
     */
    static Labels load(
            Duck duck, ExportRequest request, LabelCopy copy, IdType ids, List<String> added, Interruption interruption)
            throws SQLException, IOException {
        Path file = request.labels();
        LabelColumns columns;
        try {
            boolean isCsv = copy.format() == FileFormat.CSV;
            columns = isCsv ? CsvLabels.header(copy, file) : ParquetLabels.schema(duck, copy, file);
            columns.check(isCsv ? file + ": line 1" : file.toString(), added);
            new LabelSql(columns, copy.format(), ids).checkTypes(file.toString());
            if (isCsv) {
                CsvLabels.load(duck, copy, columns);
            } else {
                ParquetLabels.load(duck, copy, columns);
            }
        } catch (SQLException e) {
            interruption.check();
            if (Shortage.isOne(e)) {
                throw e;
            }
            throw unreadable(file, copy, e);
        }
        duck.run(new LabelSql(columns, copy.format(), ids).create());
        Labels labels = new Labels(duck, file, copy, columns);
        if (labels.rows() == 0) {
            throw new ExportRefusedException("--labels " + file
                    + (copy.format() == FileFormat.CSV ? ": line 2 is missing" : " has no rows")
                    + ": there has to be a label at least");
        }
        return labels;
    }

    /** In DuckDB's words, which for CSV begin with the line, but by the name of the file and not of the copy. */
    private static ExportRefusedException unreadable(Path file, LabelCopy copy, SQLException failure) {
        String message =
                printable(DuckFault.message(failure).replace(copy.path().toString(), file.toString()));
        return new ExportRefusedException("--labels " + file + " cannot be read: " + message, failure);
    }

    /** @throws ExportRefusedException with the first rows at fault, where these are refused */
    void checkRows(BadRows badRows) throws SQLException {
        if (badRows == BadRows.REFUSE) {
            refuse(bad(), FAULTS, "; --on-bad-row=null exports them without features");
        }
    }

    /**
     * @param now microseconds; what lies behind it is not known yet
     * @throws ExportRefusedException with the first rows of the future, whatever becomes of others
     */
    void checkFuture(long now) throws SQLException {
        refuse(
                duck.number("SELECT count(*) FROM labels WHERE t > " + now),
                "SELECT r + 1, 'label_time ' || strftime(make_timestamp(t), '%Y-%m-%dT%H:%M:%S.%fZ') || ' is in the future'"
                        + " FROM labels WHERE t > " + now + " ORDER BY r LIMIT " + TOLD,
                "; it is " + Micros.toInstant(now) + " by the server's clock");
    }

    private void refuse(long count, String sql, String hint) throws SQLException {
        if (count == 0) {
            return;
        }
        List<String> lines = new ArrayList<>();
        lines.add("--labels " + file + ": " + count + (count == 1 ? " row" : " rows") + " cannot be used" + hint);
        duck.list(sql, row -> lines.add("  row " + row.getLong(1) + ": " + printable(row.getString(2))));
        if (count > TOLD) {
            lines.add("  and " + (count - TOLD) + " more");
        }
        throw new ExportRefusedException(String.join("\n", lines));
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /** How many rows something is wrong with. */
    long bad() throws SQLException {
        return duck.number("SELECT count(*) FROM labels WHERE fault IS NOT NULL");
    }

    long rows() throws SQLException {
        return duck.number("SELECT count(*) FROM labels");
    }

    /** Of what reads and writes the files. */
    String engineVersion() throws SQLException {
        return duck.list("SELECT version()", row -> row.getString(1)).get(0);
    }

    LabelColumns columns() {
        return columns;
    }

    LabelCopy copy() {
        return copy;
    }

    /** The users that occur, which may be none; empty if there are more than that: then it is not worth while to name them. */
    Optional<List<String>> users(int most) throws SQLException {
        List<String> users = duck.list(
                "SELECT DISTINCT CAST(u AS VARCHAR) FROM labels WHERE u IS NOT NULL LIMIT " + (most + 1),
                row -> row.getString(1));
        return users.size() > most ? Optional.empty() : Optional.of(users);
    }
}
