package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Bad inputs, rows 44 and 45: what labels in Parquet are refused with, and what passes unchanged. */
class ParquetLabelsIT {
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
        assertThat(exports.refusal(parquet(select))).contains(reason);
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
        assertThat(exports.refusal(parquet(select))).contains("row 1: ").contains(reason);
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

        assertThat(exports.refusal(patched(labels, "another", second))).contains("there are two columns " + second);
    }

    /** In the footer isAdjustedToUTC is set, which DuckDB does not write beside nanoseconds. */
    @Test
    void parquetInstantsInNanosecondsAreRefused() throws Exception {
        Path labels = parquet("SELECT 1 AS user_id, '1969-12-31 23:59:59.999999999'::TIMESTAMP_NS AS label_time");

        assertThat(exports.refusal(patched(labels, "\u0012\u001C\u003C\0\0", "\u0011\u001C\u003C\0\0")))
                .contains("label_time is TIMESTAMP WITH TIME ZONE in nanoseconds", "cast it to microseconds");
    }

    @Test
    void aBrokenParquetFileIsRefused() throws Exception {
        Path labels = parquet("SELECT 1 AS user_id, now() AS label_time");
        byte[] bytes = Files.readAllBytes(labels);
        Files.write(labels, java.util.Arrays.copyOf(bytes, bytes.length - 6));

        assertThat(exports.refusal(labels)).contains("labels.parquet cannot be read");
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

        assertThat(exports.refusal(labels)).contains("cannot be read");
    }

    @Test
    void aParquetFileWithoutRowsIsRefused() throws Exception {
        assertThat(exports.refusal(parquet("SELECT 1 AS user_id, now() AS label_time WHERE false")))
                .contains("labels.parquet has no rows");
    }

    /** A file whose footer is encrypted is told by its magic number alone. */
    @Test
    void anEncryptedParquetFileIsRefused() throws Exception {
        Path labels = parquet("SELECT 1 AS user_id, now() AS label_time");

        assertThat(exports.refusal(patched(labels, "PAR1", "PARE")))
                .contains("labels.parquet cannot be read", "encrypted");
    }

    /** Readers that made objects of what a schema names ran code by it. */
    @Test
    void anAvroSchemaInTheMetadataIsNotLookedAt() throws Exception {
        String schema = "{\"type\":\"record\",\"name\":\"x\",\"java-class\":\"org.example.Evil\",\"fields\":[]}";
        Path labels = exports.file("labels.parquet");
        Exports.parquet(
                labels,
                "SELECT 1 AS user_id, '2026-01-02T00:00:00Z'::TIMESTAMPTZ AS label_time",
                ", KV_METADATA {'parquet.avro.schema': '" + schema + "', 'avro.schema': '" + schema + "'}");
        assertThat(Files.readString(labels, StandardCharsets.ISO_8859_1)).contains("org.example.Evil");
        Path out = exports.file("train.parquet");

        exports.run(Exports.request(labels, out, ExportMode.EVENT_TIME));

        assertThat(Exports.duck("SELECT user_id, order_count_7d FROM '" + out + "'"))
                .containsExactly("1,1");
        assertThat(Files.readString(out, StandardCharsets.ISO_8859_1)).doesNotContain("avro", "org.example.Evil");
    }
}
