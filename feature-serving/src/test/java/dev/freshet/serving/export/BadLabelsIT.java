package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs, rows 40 to 43 and 45: what labels in CSV are refused with, and what passes unchanged. */
class BadLabelsIT {
    private static final String HEADER = "user_id,label_time";
    private static final String GOOD = "1,2026-01-02T00:00:00Z";
    private static final String FEATURES = ",1,1,5.0000,2026-01-01";
    private static Shop shop;

    @TempDir
    private Path directory;

    private Exports exports;

    @BeforeAll
    static void createShop() throws SQLException {
        shop = Shop.standard();
        shop.run("INSERT INTO users (id) VALUES (1)");
        shop.order(1L, "5", "2026-01-01T00:00:00Z");
    }

    @AfterAll
    static void closeShop() throws SQLException {
        shop.close();
    }

    @BeforeEach
    void makeExports() {
        exports = new Exports(directory, shop.config());
    }

    private String refusal(Path labels) throws IOException {
        return exports.refusal(labels);
    }

    private String refusal(String... lines) throws IOException {
        return refusal(exports.csv(lines));
    }

    private Path bytes(byte[]... parts) throws IOException {
        Path file = exports.file("labels.csv");
        Files.deleteIfExists(file);
        Files.createFile(file);
        for (byte[] part : parts) {
            Files.write(file, part, java.nio.file.StandardOpenOption.APPEND);
        }
        return file;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aMissingFileIsRefused() throws Exception {
        assertThat(refusal(exports.file("none.csv"))).contains("there is no such file");
    }

    @Test
    void aDirectoryIsRefused() throws Exception {
        assertThat(refusal(Files.createDirectory(exports.file("labels.csv")))).contains("is no file");
    }

    @Test
    void aFileOfAnotherKindIsRefused() throws Exception {
        assertThat(refusal(Files.writeString(exports.file("labels.json"), "{}")))
                .contains(".csv or .parquet");
    }

    @Test
    void anEmptyFileIsRefused() throws Exception {
        assertThat(refusal(bytes())).contains("is empty: line 1");
    }

    @Test
    void aFileWithoutHeaderIsRefusedWithItsLine() throws Exception {
        assertThat(refusal(GOOD)).contains(": line 1: ", "the first line has to name the columns");
        assertThat(refusal("", GOOD)).contains("line 1 is blank: it has to name the columns");
    }

    @ParameterizedTest
    @ValueSource(strings = {HEADER, HEADER + "\n"})
    void aHeaderWithoutLabelsIsRefusedWithTheLineThatIsMissing(String text) throws Exception {
        assertThat(refusal(bytes(text(text)))).contains("line 2 is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t"})
    void anotherSeparatorIsRefusedWithItsLine(String separator) throws Exception {
        assertThat(refusal(HEADER.replace(",", separator), GOOD.replace(",", separator)))
                .contains(": line 1: ", "write commas between the cells");
    }

    @ParameterizedTest
    @ValueSource(strings = {HEADER + "\n" + GOOD + "\n", HEADER + "\r\n" + GOOD + "\r\n", ""})
    void aByteOrderMarkIsRefusedWithItsLineAndWithWhatCutsItOff(String behind) throws Exception {
        assertThat(refusal(bytes(text("\uFEFF" + behind))))
                .contains("line 1 begins with a byte order mark: cut it off, as with tail -c +4");
    }

    @Test
    void aByteOrderMarkInACellIsText() throws Exception {
        assertThat(exports.eventTime(HEADER + ",a", GOOD + ",\uFEFF")).containsExactly(GOOD + ",\uFEFF" + FEATURES);
    }

    @Test
    void linesThatEndInCarriageReturnsAreRefusedWithTheFirstAndWithWhatRewritesThem() throws Exception {
        assertThat(refusal(bytes(text(HEADER + "\r\n" + GOOD + "\r\n" + GOOD + "\r\n"))))
                .contains("line 1 ends in CR LF: let all lines end in LF, as with dos2unix or tr -d '\\r'");
    }

    /** What the messages name, does what they say. */
    @Test
    void aFileOfAnotherSystemIsUsableOnceItWasRewritten() throws Exception {
        Path marked = exports.file("marked.csv");
        Files.write(marked, text("\uFEFF" + HEADER + "\r\n" + GOOD + "\r\n"));
        Path labels = exports.file("labels.csv");
        Process rewriting = new ProcessBuilder("sh", "-c", "tail -c +4 <marked.csv | tr -d '\\r'")
                .directory(directory.toFile())
                .redirectOutput(labels.toFile())
                .start();
        assertThat(rewriting.waitFor()).isZero();

        assertThat(exports.eventTime(labels)).containsExactly(GOOD + FEATURES);
    }

    @Test
    void anotherEncodingIsRefusedWithItsLine() throws Exception {
        byte[] latin1 = (GOOD + ",caf\u00e9\n").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(refusal(bytes(text(HEADER + ",shop\n" + GOOD + ",x\n"), latin1)))
                .contains("line 3 is not in UTF-8");
    }

    @Test
    void aNulIsRefusedWithItsLine() throws Exception {
        assertThat(refusal(bytes(text(HEADER + "\n"), text("1\0,2026-01-02T00:00:00Z\n"))))
                .contains("line 2 holds a NUL");
    }

    @Test
    void aLineWithoutEndIsRefusedWithItsNumber() throws Exception {
        assertThat(refusal(bytes(text(HEADER + "\n"), text("\"" + "x".repeat(CsvText.LONGEST_LINE)))))
                .contains("line 2 is longer than 1048576 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1,2026-01-02T00:00:00Z,more", "\"1,2026-01-02T00:00:00Z"})
    void aRowOfAnotherShapeIsRefusedWithItsLine(String row) throws Exception {
        assertThat(refusal(HEADER, GOOD, row)).contains("line 3 has");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\\nN\\n\\nN\\n|line 3 is blank",
                "a\\nN\\nN\\n\\n|line 4 is blank",
                "a\\nN\\r\\nN\\r\\n|line 2 ends in CR LF",
                "a\\nN\\nN\\r\\n|line 3 ends in CR LF",
                "a\\nN\\rN\\n|line 2 has a carriage return",
                "a\\n\"1\" ,2026-01-02T00:00:00Z\\n|line 2 has text behind the quote"
            })
    void linesThatWouldBeReadOtherwiseAreRefusedWithTheirNumber(String text, String reason) throws Exception {
        String file = text.replace("a", HEADER)
                .replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("N", GOOD);

        assertThat(refusal(bytes(text(file)))).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user_id,when|there is no column label_time",
                "user,label_time|there is no column user_id",
                "user_id,label_time,user_id|there are two columns user_id",
                "user_id,label_time,x,X|there are two columns X",
                "user_id,label_time,|column 3 has no name",
                "user_id,label_time,order_count_7d|column order_count_7d has the name of a feature"
            })
    void columnsThatCannotBeToldApartAreRefused(String header, String reason) throws Exception {
        assertThat(refusal(header)).contains(reason);
    }

    @Test
    void columnsMayHaveAnyNameAndOrder() throws Exception {
        assertThat(exports.eventTime("\"a \"\"b\"\", c\",label_time,Select,user_id", "x,2026-01-02T00:00:00Z,,1"))
                .containsExactly("x,2026-01-02T00:00:00Z,,1" + FEATURES);
        assertThat(Files.readString(exports.file("train.csv")))
                .startsWith("\"a \"\"b\"\", c\",label_time,Select,user_id,");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "'',2026-01-02T00:00:00Z|user_id is blank",
                "seven,2026-01-02T00:00:00Z|user_id seven is no bigint",
                "1.0,2026-01-02T00:00:00Z|user_id 1.0 is no bigint",
                "01,2026-01-02T00:00:00Z|user_id 01 is no bigint",
                "9223372036854775808,2026-01-02T00:00:00Z|user_id 9223372036854775808 is no bigint",
                "1,|label_time is blank",
                "1,2026-01-02T00:00:00|has no time zone",
                "1,2026-01-02|has no time zone",
                "1,1767312000|is a number",
                "1,1767312000000|is a number",
                "1,2026-01-32T00:00:00Z|is no time",
                "1,2026-02-29T00:00:00Z|is no time",
                "1,2016-12-31T23:59:60Z|is no time",
                "1,2026-01-02T24:00:00Z|is no time",
                "1,0000-01-02T00:00:00Z|is no time",
                "1,infinity|is no time",
                "1,02/01/2026 00:00Z|is no time"
            })
    void aRowThatCannotBeUnderstoodIsRefusedWithItsNumber(String row, String reason) throws Exception {
        assertThat(refusal(HEADER, GOOD, row.replace("''", "")))
                .contains("row 2: ")
                .contains(reason);
    }

    @Test
    void theFirstTwentyRowsAtFaultAreTold() throws Exception {
        String[] lines = new String[31];
        lines[0] = HEADER;
        java.util.Arrays.fill(lines, 1, 31, "x,y");

        assertThat(refusal(lines))
                .contains("30 rows cannot be used", "row 20: ", "and 10 more")
                .doesNotContain("row 21: ");
    }

    @Test
    void rowsAtFaultMayPassWithoutFeatures() throws Exception {
        Path labels = exports.csv(HEADER, "x,y", GOOD, ",");
        Path out = exports.file("train.csv");

        ExportReport report =
                exports.run(new ExportRequest(labels, out, ExportMode.EVENT_TIME, BadRows.NULL, false, null, "test"));

        assertThat(Files.readAllLines(out).subList(1, 4)).containsExactly("x,y,,,,", GOOD + FEATURES, ",,,,,");
        assertThat(report.counts().of(ExportCounts.BAD_ROWS)).isEqualTo(2);
    }

    @Test
    void theFutureIsRefusedWhateverBecomesOfOtherRows() throws Exception {
        Path labels = exports.csv(HEADER, GOOD, "1,9999-01-01T00:00:00Z");
        ExportRefusedException refused = catchThrowableOfType(
                ExportRefusedException.class,
                () -> exports.run(new ExportRequest(
                        labels, exports.file("train.csv"), ExportMode.EVENT_TIME, BadRows.NULL, false, null, "test")));

        assertThat(refused).hasMessageContaining("row 2: label_time 9999-01-01T00:00:00.000000Z is in the future");
    }

    @Test
    void labelsWithoutAUsableUserReadNoOrders() throws Exception {
        Path labels = exports.csv(HEADER, "x,y");

        ExportReport report = exports.run(new ExportRequest(
                labels, exports.file("train.csv"), ExportMode.EVENT_TIME, BadRows.NULL, false, null, "test"));

        assertThat(report.counts().of(ExportCounts.ORDERS)).isZero();
    }

    @Test
    void labelsOfUnknownUsersAreCounted() throws Exception {
        Path labels = exports.csv(HEADER, "2,2026-01-02T00:00:00Z", GOOD);

        ExportReport report = exports.run(Exports.request(labels, exports.file("train.csv"), ExportMode.EVENT_TIME));

        assertThat(report.counts().of(ExportCounts.UNKNOWN_USERS)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-02 00:00:00+00",
                "2026-01-02T01:00:00+01:00",
                "2026-01-01T22:30:00-0130",
                "2026-01-02 00:00:00 UTC",
                "2026-01-02T00:00:00.000000999Z",
                "2026-01-02 00:00:00z"
            })
    void anInstantMayBeWrittenInManyWays(String time) throws Exception {
        assertThat(exports.eventTime(HEADER, "1," + time)).containsExactly("1," + time + FEATURES);
    }

    @Test
    void digitsBehindMicrosecondsDoNotReachAnOrderThatIsLater() throws Exception {
        assertThat(exports.eventTime(HEADER, "1,2025-12-31T23:59:59.999999999Z"))
                .containsExactly("1,2025-12-31T23:59:59.999999999Z,0,0,,");
    }

    @Test
    void cellsPassUnchanged() throws Exception {
        String cells = "=cmd(),NaN,Infinity,-0.0, padded ,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"two\r\nmore\",,"
                + "\"\",1e400,007";

        Path labels = exports.csv(HEADER + ",a,b,c,d,e,f,g,h,i,j,k,l,m", GOOD + "," + cells);
        exports.run(Exports.request(labels, exports.file("train.csv"), ExportMode.EVENT_TIME));

        assertThat(Files.readString(exports.file("train.csv"))).endsWith("\n" + GOOD + "," + cells + FEATURES + "\n");
    }

    @Test
    void aFileMayHaveAQuoteAndAPatternInItsName() throws Exception {
        Path labels = Files.move(exports.csv(HEADER, GOOD), exports.file("it's [a] *label*?.csv"));

        ExportReport report =
                exports.run(Exports.request(labels, exports.file("it's ['out'].csv"), ExportMode.EVENT_TIME));

        assertThat(Files.readAllLines(report.out())).hasSize(2);
    }

    @Test
    void aDirectoryIsNoColumn() throws Exception {
        Path out =
                Files.createDirectory(exports.file("c1=2020-01-01T00:00:00Z")).resolve("train.csv");

        exports.run(Exports.request(exports.csv(HEADER, GOOD), out, ExportMode.EVENT_TIME));

        assertThat(Files.readAllLines(out)).last().isEqualTo(GOOD + FEATURES);
    }
}
