package dev.freshet.serving.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;

/** What is written, and that it is the same each time. */
class OutputIT {
    private static Shop shop;

    @TempDir
    private Path directory;

    private Exports exports;
    private Path labels;

    @BeforeAll
    static void createShop() throws SQLException {
        shop = Shop.standard();
        shop.run(
                "INSERT INTO users (id) SELECT generate_series(1, 200)",
                "INSERT INTO orders (user_id, total, created_at) SELECT n % 220, n % 1000 * 0.01,"
                        + " '2024-01-01T00:00:00Z'::timestamptz + n * interval '7 minutes' FROM generate_series(1, 20000) AS n");
    }

    @AfterAll
    static void closeShop() throws SQLException {
        shop.close();
    }

    @BeforeEach
    void makeLabels() throws Exception {
        exports = new Exports(directory, shop.config());
        labels = exports.csv(Stream.concat(
                        Stream.of("user_id,label_time,y"),
                        Stream.iterate(0, i -> i < 3_000, i -> i + 1)
                                .map(i -> i * 37 % 230 + ",2024-0" + (1 + i % 4) + "-1" + i % 10 + "T12:00:00Z," + i))
                .toArray(String[]::new));
    }

    private Path export(String name) throws SQLException, IOException {
        return exports.run(Exports.request(labels, exports.file(name), ExportMode.EVENT_TIME))
                .out();
    }

    private ExportRequest careful(Path out) {
        return new ExportRequest(labels, out, ExportMode.EVENT_TIME, BadRows.REFUSE, false, null, "test");
    }

    private void assertNothingBut(String... names) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "parquet"})
    void theSameRowsGiveTheSameBytesWhereverTheyLieInTheTable(String ending) throws Exception {
        labels = Load.labels(exports.file("many.parquet"), 230, 300_000);
        byte[] first = Files.readAllBytes(export("first." + ending));
        byte[] second = Files.readAllBytes(export("second." + ending));
        shop.run("UPDATE orders SET total = total WHERE id % 3 = 0");
        byte[] moved = Files.readAllBytes(export("third." + ending));

        assertThat(second).isEqualTo(first);
        assertThat(moved).isEqualTo(first);
    }

    @Test
    void theManifestTellsWhatItWasMadeOf() throws Exception {
        Path out = export("train.parquet");

        JsonNode manifest = new ObjectMapper()
                .readTree(exports.file("train.parquet.manifest.json").toFile());
        assertThat(manifest.at("/output/sha256").asText()).isEqualTo(sha256(out));
        assertThat(manifest.at("/output/bytes").asLong()).isEqualTo(Files.size(out));
        assertThat(manifest.at("/output/rows").asLong()).isEqualTo(3_000);
        assertThat(manifest.at("/labels/sha256").asText()).isEqualTo(sha256(labels));
        assertThat(manifest.at("/labels/rows").asLong()).isEqualTo(3_000);
        assertThat(manifest.at("/definition/text").asText()).contains("order_count_7d");
        assertThat(manifest.at("/settings").toString())
                .isEqualTo("{\"mode\":\"event-time\",\"format\":\"parquet\",\"on_bad_row\":\"refuse\"}");
        assertThat(manifest.at("/source/system_identifier").asText())
                .isEqualTo(shop.query("SELECT system_identifier FROM pg_control_system()")
                        .get(0));
        assertThat(manifest.at("/source/lsn").asText()).contains("/");
        assertThat(manifest.at("/source/snapshot").asText()).matches("\\d+:\\d+:[\\d,]*");
        assertThat(manifest.get("target").isNull()).as("no generation was read").isTrue();
        assertThat(manifest.at("/freshet").asText()).isEqualTo("test");
        assertThat(manifest.at("/duckdb").asText()).startsWith("v1.");
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private ExportReport.Comparison repeat() throws SQLException, IOException {
        ExportRequest request = new ExportRequest(
                labels,
                exports.file("again.csv"),
                ExportMode.EVENT_TIME,
                BadRows.REFUSE,
                true,
                exports.file("train.csv.manifest.json"),
                "test");
        return exports.run(request).comparison().orElseThrow();
    }

    @Test
    void aManifestIsRepeatedAsLongAsNothingChanges() throws Exception {
        export("train.csv");

        assertThat(repeat()).isEqualTo(new ExportReport.Comparison(true, java.util.List.of()));
    }

    @Test
    void aChangeInTheSourceIsTold() throws Exception {
        export("train.csv");
        shop.order(5L, "3", "2024-01-05T00:00:00Z");

        ExportReport.Comparison comparison = repeat();

        assertThat(comparison.isEqual()).isFalse();
        assertThat(comparison.differences())
                .singleElement()
                .asString()
                .startsWith("the rows that were read have changed");
    }

    @Test
    void otherLabelsAreTold() throws Exception {
        export("train.csv");
        labels = exports.csv("user_id,label_time", "1,2024-01-05T00:00:00Z");

        assertThat(repeat().differences()).singleElement().asString().startsWith("the labels are others");
    }

    @Test
    void whatIsNoManifestIsRefused() throws Exception {
        Files.writeString(exports.file("train.csv.manifest.json"), "{}");

        assertThatThrownBy(this::repeat)
                .isInstanceOf(ExportRefusedException.class)
                .hasMessageContaining("no manifest");
    }

    @Test
    void whatIsThereIsReplacedOnlyByForce() throws Exception {
        Path out = Files.writeString(exports.file("train.csv"), "precious");

        assertThatThrownBy(() -> exports.run(careful(out)))
                .isInstanceOf(ExportRefusedException.class)
                .hasMessageContaining("is there already");

        assertThat(out).hasContent("precious");
        export("train.csv");
        assertThat(Files.readAllLines(out)).hasSize(3_001);
    }

    @Test
    void aManifestThatIsThereIsReplacedOnlyByForce() throws Exception {
        Files.writeString(exports.file("train.csv.manifest.json"), "precious");

        assertThatThrownBy(() -> exports.run(careful(exports.file("train.csv"))))
                .hasMessageContaining("manifest.json is there already");
    }

    @Test
    void aDirectoryIsNeverReplaced() throws Exception {
        Files.createDirectory(exports.file("train.csv"));

        assertThatThrownBy(() -> export("train.csv"))
                .isInstanceOf(ExportRefusedException.class)
                .hasMessageContaining("is no file");
    }

    @Test
    void aLinkIsNeverFollowed() throws Exception {
        Path elsewhere = Files.writeString(exports.file("elsewhere"), "precious");
        Files.createSymbolicLink(exports.file("train.csv"), elsewhere);

        assertThatThrownBy(() -> export("train.csv"))
                .isInstanceOf(ExportRefusedException.class)
                .hasMessageContaining("is a link");
        assertThat(elsewhere).hasContent("precious");
    }

    @Test
    void aDirectoryIsTheOneThatItsLinkLeadsTo() throws Exception {
        Path inner = Files.createDirectories(directory.resolve("outer/inner"));
        Files.createSymbolicLink(directory.resolve("link"), inner);

        Path out = exports.run(careful(directory.resolve("link/../train.csv"))).out();

        assertThat(out).isEqualTo(directory.resolve("outer/train.csv").toRealPath());
    }

    /** One file for both: when the data was moved, the manifest is gone. */
    @Test
    void aManifestOfBeforeDoesNotStandBesideNewData() throws Exception {
        export("train.csv");
        OutputFile file = OutputFile.of(Exports.request(labels, exports.file("train.csv"), ExportMode.EVENT_TIME));
        Path both = Files.writeString(exports.file("both"), "new");

        assertThatThrownBy(() -> file.publish(both, both))
                .isInstanceOf(Stop.Operator.class)
                .hasMessageContaining("is written to");
        assertThat(file.path()).hasContent("new");
        assertThat(file.manifest()).doesNotExist();
    }

    @Test
    void theLabelsAreNeverReplaced() {
        assertThatThrownBy(() -> export("labels.csv"))
                .isInstanceOf(ExportRefusedException.class)
                .hasMessageContaining("is the file of the labels");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/proc/train.csv", "/no/such/directory/train.csv", "a*b/train.csv", "train.txt"})
    void aPlaceWhereNothingCanBeWrittenIsRefused(String place) throws Exception {
        Files.createDirectories(directory.resolve("a*b"));

        assertThatThrownBy(() -> exports.run(careful(directory.resolve(place))))
                .isInstanceOf(ExportRefusedException.class)
                .hasMessageContaining("--out");
    }

    /** The estimate is of all orders, and only those of the labels' users are read. */
    @Test
    void ofTheOrdersOfAFewUsersNoTotalIsTold() throws Exception {
        shop.run("ANALYZE orders");

        assertThat(exports.totalsOfOrders(labels)).containsExactly(ExportProgress.UNKNOWN);
    }

    @Test
    void anInterruptionLeavesNothing() throws Exception {
        AtomicReference<Export> running = new AtomicReference<>();
        Export export = new Export(
                shop.config(),
                careful(exports.file("train.csv")),
                (what, done, total) -> running.get().interrupt(),
                Time.system());
        running.set(export);

        Throwable end = catchThrowable(export::run);

        assertThat(end).isInstanceOf(Stop.Restart.class).hasMessageContaining("interrupted");
        assertNothingBut("labels.csv");
    }

    @Test
    void nothingIsLeftBesideOutputAndManifest() throws Exception {
        export("train.csv");

        assertNothingBut("labels.csv", "train.csv", "train.csv.manifest.json");
    }

    @Test
    void aSourceThatIsAwayLeavesNothing() throws Exception {
        Exports away = new Exports(directory, shop.config("source.url", "jdbc:postgresql://127.0.0.1:1/shop"));

        assertThatThrownBy(() -> away.run(careful(exports.file("train.csv")))).isInstanceOf(SQLException.class);
        assertNothingBut("labels.csv");
    }
}
