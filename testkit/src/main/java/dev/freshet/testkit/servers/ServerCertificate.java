package dev.freshet.testkit.servers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.freshet.testkit.process.OwnSession;

/**
 * A key and its certificate for a server on 127.0.0.1, signed by itself: made by the JDK's keytool, in the forms that servers and
 * clients read.
 *
 * @param keyStore both, as PKCS #12
 * @param password of the store and of the key in it
 * @param certificate as PEM
 * @param key as PEM, which only its owner may read
 */
public record ServerCertificate(Path keyStore, String password, Path certificate, Path key) {
    private static final String ALIAS = "server";

    /** @param directory which is made, and has no other certificate in it */
    public static ServerCertificate in(Path directory) {
        String password = UUID.randomUUID().toString();
        Path keyStore = directory.resolve("server.p12").toAbsolutePath();
        try {
            Files.createDirectories(directory);
            generate(keyStore, password);
            KeyStore made = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(keyStore)) {
                made.load(in, password.toCharArray());
            }
            Path key = directory.resolve("server.key").toAbsolutePath();
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return new ServerCertificate(
                    keyStore,
                    password,
                    pem(
                            directory.resolve("server.crt").toAbsolutePath(),
                            "CERTIFICATE",
                            made.getCertificate(ALIAS).getEncoded()),
                    pem(
                            key,
                            "PRIVATE KEY",
                            made.getKey(ALIAS, password.toCharArray()).getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new ServerStartException("cannot make a certificate in " + directory, e);
        }
    }

    private static void generate(Path keyStore, String password) throws IOException {
        Path output = keyStore.resolveSibling("keytool.log");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=server",
                "-ext",
                "san=ip:" + Loopback.HOST,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore.toString(),
                "-storepass:env",
                "STORE_PASSWORD");
        try {
            if (OwnSession.start(command, Map.of("STORE_PASSWORD", password), output, null)
                            .waitFor()
                    != 0) {
                throw new IOException("keytool failed: " + Files.readString(output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during keytool", e);
        }
    }

    private static Path pem(Path file, String type, byte[] content) throws IOException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                file,
                "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n",
                StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "ServerCertificate[" + certificate + "]";
    }
}
