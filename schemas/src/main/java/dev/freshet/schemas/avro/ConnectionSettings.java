package dev.freshet.schemas.avro;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.confluent.kafka.schemaregistry.client.security.basicauth.BasicAuthCredentialProvider;
import io.confluent.kafka.schemaregistry.client.security.bearerauth.BearerAuthCredentialProvider;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** What Confluent's client was configured with, which it keeps to itself: how to reach a registry, and as whom. */
final class ConnectionSettings {
    @Nullable
    SSLSocketFactory sockets;

    @Nullable
    HostnameVerifier hosts;

    @Nullable
    BasicAuthCredentialProvider basic;

    @Nullable
    BearerAuthCredentialProvider bearer;

    @Nullable
    Proxy proxy;

    Map<String, String> headers = Map.of();
    int connectMillis;
    int readMillis;

    HttpURLConnection open(URL url) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) (proxy == null ? url.openConnection() : url.openConnection(proxy));
        connection.setConnectTimeout(connectMillis);
        connection.setReadTimeout(readMillis);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        if (connection instanceof HttpsURLConnection https) {
            secure(https);
        }
        authorize(connection);
        headers.forEach(connection::setRequestProperty);
        return connection;
    }

    private void secure(HttpsURLConnection connection) {
        if (sockets != null) {
            connection.setSSLSocketFactory(sockets);
            if (hosts != null) {
                connection.setHostnameVerifier(hosts);
            }
        }
    }

    private void authorize(HttpURLConnection connection) {
        String user = basic == null ? null : basic.getUserInfo(connection.getURL());
        if (user != null) {
            connection.setRequestProperty(
                    "Authorization", "Basic " + Base64.getEncoder().encodeToString(user.getBytes(UTF_8)));
        }
        if (bearer == null) {
            return;
        }
        String token = bearer.getBearerToken(connection.getURL());
        if (token != null) {
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        header(connection, "Confluent-Identity-Pool-Id", bearer.getTargetIdentityPoolId());
        header(connection, "target-sr-cluster", bearer.getTargetSchemaRegistry());
    }

    private static void header(HttpURLConnection connection, String name, @Nullable String value) {
        if (value != null) {
            connection.setRequestProperty(name, value);
        }
    }
}
