package dev.freshet.runtime.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.schemas.avro.RegistryUnavailableException;
import dev.freshet.testkit.servers.ServerCertificate;

/** A registry behind TLS, whose certificate nobody knows but who is told of it. */
class RegistryTlsTest {
    private static final String PASSWORD = "of the store";

    @TempDir
    Path directory;

    private ServerCertificate certificate;
    private HttpsServer registry;

    /** Has no subject, and says so. */
    @BeforeEach
    void start() throws Exception {
        certificate = ServerCertificate.in(directory.resolve("server"));
        registry = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.setHttpsConfigurator(new HttpsConfigurator(tls(certificate)));
        registry.createContext("/", exchange -> {
            byte[] answer = "{\"error_code\": 40401, \"message\": \"no such subject\"}".getBytes(UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(404, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        registry.start();
    }

    @AfterEach
    void stop() {
        registry.stop(0);
    }

    private static SSLContext tls(ServerCertificate certificate) throws Exception {
        char[] password = certificate.password().toCharArray();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificate.keyStore())) {
            keys.load(in, password);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private Map<String, String> trusting(ServerCertificate trusted) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = Files.newInputStream(trusted.certificate())) {
            store.setCertificateEntry(
                    "registry", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        Path file = directory.resolve("trusted.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        String prefix = "schema.registry.properties.schema.registry.ssl.truststore.";
        return Map.of(prefix + "location", file.toString(), prefix + "type", "PKCS12", prefix + "password", PASSWORD);
    }

    private List<Finding> find(String host, Map<String, String> properties) throws IOException {
        Map<String, String> settings = new HashMap<>(Map.of(
                "source.url", "jdbc:postgresql://localhost:1/shop",
                "source.user", "a",
                "target.url", "jdbc:postgresql://localhost:1/shop",
                "target.user", "a",
                "kafka.bootstrap.servers", "localhost:1",
                "schema.registry.url",
                        "https://" + host + ":" + registry.getAddress().getPort()));
        settings.putAll(properties);
        return new RegistryChecks(FreshetConfig.of(settings), List.of()).find();
    }

    @Test
    void itAnswersWhoKnowsItsCertificate() throws Exception {
        assertThat(find("127.0.0.1", trusting(certificate))).isEmpty();
    }

    @Test
    void aCertificateThatNobodyWasToldOfIsRefusedAndSaidSo() {
        assertThatThrownBy(() -> find("127.0.0.1", Map.of()))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("PKIX path building failed");
    }

    @Test
    void theCertificateOfAnotherIsRefusedAndSaidSo() throws Exception {
        Map<String, String> other = trusting(ServerCertificate.in(directory.resolve("other")));
        assertThatThrownBy(() -> find("127.0.0.1", other))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("PKIX path");
    }

    @Test
    void aServerThatGoesByAnotherNameIsRefusedUnlessNamesAreNotAskedFor() throws Exception {
        Map<String, String> settings = new HashMap<>(trusting(certificate));
        assertThatThrownBy(() -> find("localhost", settings))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("No name matching localhost found");
        settings.put("schema.registry.properties.schema.registry.ssl.endpoint.identification.algorithm", "");
        assertThat(find("localhost", settings)).isEmpty();
    }
}
