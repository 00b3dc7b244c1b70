package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs, rows 40 to 45: what labels are refused with, and what passes unchanged. */
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
        ExportRefusedException refused = catchThrowableOfType(
                ExportRefusedException.class,
                () -> exports.run(Exports.request(labels, exports.file("train.csv"), ExportMode.EVENT_TIME)));
        assertThat(refused).as("refused").isNotNull();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.filter(file -> !file.equals(labels)))
                    .as("what is left")
                    .isEmpty();
        }
        return refused.getMessage();
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
        assertThat(refusal(bytes())).contains("is empty");
    }

    @Test
    void aFileWithoutHeaderIsRefused() throws Exception {
        assertThat(refusal(GOOD)).contains("the first line has to name the columns");
    }

    @Test
    void aHeaderAloneGivesAHeader() throws Exception {
        assertThat(exports.eventTime(HEADER)).isEmpty();
        assertThat(Files.readString(exports.file("train.csv")))
                .isEqualTo(HEADER + ",order_count_7d,order_count_30d,avg_order_value,last_order_date\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "\t"})
    void anotherSeparatorIsRefused(String separator) throws Exception {
        assertThat(refusal(HEADER.replace(",", separator), GOOD.replace(",", separator)))
                .contains("write commas between the cells");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstName() throws Exception {
        assertThat(exports.eventTime(bytes(text("\uFEFF" + HEADER + "\n" + GOOD + "\n"))))
                .containsExactly(GOOD + FEATURES);
    }

    @Test
    void linesMayEndInCarriageReturns() throws Exception {
        assertThat(exports.eventTime(bytes(text(HEADER + "\r\n" + GOOD + "\r\n" + GOOD + "\r\n"))))
                .containsExactly(GOOD + FEATURES, GOOD + FEATURES);
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
                "a\\r\\nN\\r\\nN\\n|line 3 ends in LF",
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
        String cells = "=cmd(),NaN,Infinity,-0.0, padded ,\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",,\"\",1e400,007";

        Path labels = exports.csv(HEADER + ",a,b,c,d,e,f,g,h,i,j,k,l", GOOD + "," + cells);
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

    private Path parquet(String select) throws SQLException {
        Path file = exports.file("labels.parquet");
        Exports.parquet(file, select);
        return file;
    }

    @Test
    void parquetColumnsKeepTheirTypesAndValues() throws Exception {
        String select =
                "SELECT 1::INTEGER AS user_id, '2026-01-02T00:00:00Z'::TIMESTAMPTZ AS label_time, 'NaN'::DOUBLE AS a,"
                        + " '-Infinity'::FLOAT AS b, -0.0::DOUBLE AS c, 1.50::DECIMAL(9, 2) AS d, '=cmd()' AS e, ''::BLOB AS f,"
                        + " DATE '2026-01-01' AS g, NULL::BOOLEAN AS h, 255::UTINYINT AS i, TIMESTAMP '2026-01-01 00:00:00' AS j";
        Path out = exports.file("train.parquet");

        exports.run(Exports.request(parquet(select), out, ExportMode.EVENT_TIME));

        String given = "(SELECT * EXCLUDE (order_count_7d, order_count_30d, avg_order_value, last_order_date) FROM '"
                + out + "')";
        assertThat(Exports.duck("SELECT column_name, column_type FROM (DESCRIBE " + given + ")"))
                .isEqualTo(Exports.duck("SELECT column_name, column_type FROM (DESCRIBE " + select + ")"));
        assertThat(Exports.duck("FROM " + given)).isEqualTo(Exports.duck(select));
        assertThat(Exports.duck("SELECT order_count_7d, order_count_30d, avg_order_value, last_order_date,"
                        + " typeof(order_count_7d), typeof(avg_order_value), typeof(last_order_date) FROM '" + out
                        + "'"))
                .containsExactly("1,1,5.0000,2026-01-01,INTEGER,DECIMAL(38,4),DATE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT 1.0::DOUBLE AS user_id, now() AS label_time|user_id is DOUBLE",
                "SELECT '1' AS user_id, now() AS label_time|user_id is VARCHAR",
                "SELECT 1 AS user_id, now()::TIMESTAMP AS label_time|label_time is TIMESTAMP: it has to be a timestamp with time zone",
                "SELECT 1 AS user_id, 1767312000 AS label_time|label_time is INTEGER",
                "SELECT 1 AS user_id, '2026-01-01' AS label_time|label_time is VARCHAR",
                "SELECT 1 AS user_id, now() AS label_time, [1] AS tags|tags (INTEGER[])",
                "SELECT 1 AS user_id, now() AS label_time, {'a': 1} AS more|more (STRUCT"
            })
    void parquetOfOtherTypesIsRefused(String select, String reason) throws Exception {
        assertThat(refusal(parquet(select))).contains(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT NULL::BIGINT AS user_id, now() AS label_time|user_id is blank",
                "SELECT 18446744073709551615::UBIGINT AS user_id, now() AS label_time|user_id 18446744073709551615 is no bigint",
                "SELECT 1 AS user_id, NULL::TIMESTAMPTZ AS label_time|label_time is blank",
                "SELECT 1 AS user_id, 'infinity'::TIMESTAMPTZ AS label_time|label_time infinity is no time"
            })
    void parquetRowsThatCannotBeUnderstoodAreRefused(String select, String reason) throws Exception {
        assertThat(refusal(parquet(select))).contains("row 1: ").contains(reason);
    }

    private static Path patched(Path file, String was, String is) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(text).contains(was);
        return Files.write(file, text.replace(was, is).getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user_id", "User_ID"})
    void parquetColumnsThatCannotBeToldApartAreRefused(String second) throws Exception {
        Path labels = parquet("SELECT 1 AS user_id, now() AS label_time, 2 AS another");

        assertThat(refusal(patched(labels, "another", second))).contains("there are two columns " + second);
    }

    /** In the footer isAdjustedToUTC is set, which DuckDB does not write beside nanoseconds. */
    @Test
    void parquetInstantsInNanosecondsAreRefused() throws Exception {
        Path labels = parquet("SELECT 1 AS user_id, '1969-12-31 23:59:59.999999999'::TIMESTAMP_NS AS label_time");

        assertThat(refusal(patched(labels, "\u0012\u001C\u003C\0\0", "\u0011\u001C\u003C\0\0")))
                .contains("label_time is TIMESTAMP WITH TIME ZONE in nanoseconds", "cast it to microseconds");
    }

    @Test
    void aBrokenParquetFileIsRefused() throws Exception {
        Path labels = parquet("SELECT 1 AS user_id, now() AS label_time");
        byte[] bytes = Files.readAllBytes(labels);
        Files.write(labels, java.util.Arrays.copyOf(bytes, bytes.length - 6));

        assertThat(refusal(labels)).contains("labels.parquet cannot be read");
    }

    /** The column chunk's codec, in the footer: 1 is Snappy. */
    @Test
    void aParquetFileOfAnUnknownCodecIsRefused() throws Exception {
        Path labels =
                parquet("SELECT range AS user_id, TIMESTAMPTZ '2026-01-01 00:00:00Z' AS label_time FROM range(1000)");
        byte[] bytes = Files.readAllBytes(labels);
        int footer = bytes.length
                - 8
                - java.nio.ByteBuffer.wrap(bytes, bytes.length - 8, 4)
                        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                        .getInt();
        for (int i = footer; i < bytes.length - 12; i++) {
            // path_in_schema ends in the column's name; the next field is the codec, an i32 in zigzag.
            if (new String(bytes, i, 8, StandardCharsets.US_ASCII).equals("\u0007user_id") && bytes[i + 8] == 0x15) {
                bytes[i + 9] = 120;
            }
        }
        Files.write(labels, bytes);

        assertThat(refusal(labels)).contains("cannot be read");
    }
}
