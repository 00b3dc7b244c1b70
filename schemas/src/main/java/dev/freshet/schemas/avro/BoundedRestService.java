package dev.freshet.schemas.avro;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.confluent.kafka.schemaregistry.client.rest.entities.ErrorMessage;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.schemaregistry.client.rest.utils.UrlList;
import io.confluent.kafka.schemaregistry.utils.JacksonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's client, with an exchange over HTTP that ends: an answer has at most {@link #MAX_BODY} bytes and comes within a
 * time, a redirect is not followed, and what is not the registry's own JSON is an {@link IOException}, so an outage. The
 * client's own reads an error's body of any length into memory, and follows a redirect with the credentials.
 */
final class BoundedRestService extends RestService {
    static final int MAX_BODY = 1 << 20;

    private final UrlList urls;
    private final Duration limit;
    private final ConnectionSettings settings = new ConnectionSettings();

    /** @param limit time for an exchange with one of the servers, the connection's timeouts aside */
    BoundedRestService(List<String> urls, Duration limit) {
        super(new UrlList(urls));
        this.urls = new UrlList(urls);
        this.limit = limit;
    }

    /** The client asks without credentials where it does not know the source that it shall have them from. */
    void requireCredentials(@Nullable Object basic, @Nullable Object bearer) {
        if (isSet(basic) && settings.basic == null) {
            throw new IllegalArgumentException("there is no basic.auth.credentials.source " + basic);
        }
        if (isSet(bearer) && settings.bearer == null) {
            throw new IllegalArgumentException("there is no bearer.auth.credentials.source " + bearer);
        }
    }

    private static boolean isSet(@Nullable Object source) {
        return source != null && !source.equals("");
    }

    @Override
    public <T> T httpRequest(
            String path, String method, byte @Nullable [] body, Map<String, String> headers, TypeReference<T> type)
            throws IOException, RestClientException {
        for (int left = urls.size(); ; left--) {
            String base = urls.current();
            try {
                return exchange(
                        base.replaceFirst("/$", "") + "/" + path.replaceFirst("^/", ""), method, body, headers, type);
            } catch (IOException e) {
                urls.fail(base);
                if (left <= 1) {
                    throw e;
                }
            }
        }
    }

    private <T> T exchange(
            String url, String method, byte @Nullable [] body, Map<String, String> headers, TypeReference<T> type)
            throws IOException, RestClientException {
        HttpURLConnection connection = settings.open(URI.create(url).toURL());
        connection.setRequestMethod(method);
        headers.forEach(connection::setRequestProperty);
        try (TimeLimit time = new TimeLimit(limit, connection)) {
            if (body != null) {
                connection.setDoOutput(true);
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body);
                }
            }
            int status = connection.getResponseCode();
            time.answered();
            if (status == HttpURLConnection.HTTP_OK) {
                return JacksonMapper.INSTANCE.readValue(time.read(connection.getInputStream(), MAX_BODY), type);
            }
            throw failure(status, connection, time);
        } finally {
            connection.disconnect();
        }
    }

    private static RestClientException failure(int status, HttpURLConnection connection, TimeLimit time)
            throws IOException {
        byte[] body = time.read(connection.getErrorStream(), MAX_BODY);
        try {
            ErrorMessage error = JacksonMapper.INSTANCE.readValue(body, ErrorMessage.class);
            return new RestClientException(error.getMessage(), status, error.getErrorCode());
        } catch (JsonProcessingException e) {
            if (status == HttpURLConnection.HTTP_UNAUTHORIZED || status == HttpURLConnection.HTTP_FORBIDDEN) {
                return new RestClientException("no more than that", status, status); // often from a proxy before it
            }
            throw new IOException(
                    "HTTP status " + status + " from " + connection.getURL() + ", and no answer of a registry", e);
        }
    }

    @Override
    public void setSslSocketFactory(javax.net.ssl.SSLSocketFactory factory) {
        super.setSslSocketFactory(factory);
        settings.sockets = factory;
    }

    @Override
    public void setHostnameVerifier(javax.net.ssl.HostnameVerifier verifier) {
        super.setHostnameVerifier(verifier);
        settings.hosts = verifier;
    }

    @Override
    public void setHttpConnectTimeoutMs(int millis) {
        super.setHttpConnectTimeoutMs(millis);
        settings.connectMillis = millis;
    }

    @Override
    public void setHttpReadTimeoutMs(int millis) {
        super.setHttpReadTimeoutMs(millis);
        settings.readMillis = millis;
    }

    @Override
    public void setHttpHeaders(Map<String, String> headers) {
        super.setHttpHeaders(headers);
        settings.headers = Map.copyOf(headers);
    }

    @Override
    public void setBasicAuthCredentialProvider(
            io.confluent.kafka.schemaregistry.client.security.basicauth.BasicAuthCredentialProvider provider) {
        super.setBasicAuthCredentialProvider(provider);
        settings.basic = provider;
    }

    @Override
    public void setBearerAuthCredentialProvider(
            io.confluent.kafka.schemaregistry.client.security.bearerauth.BearerAuthCredentialProvider provider) {
        super.setBearerAuthCredentialProvider(provider);
        settings.bearer = provider;
    }

    @Override
    public void setProxy(String host, int port) {
        super.setProxy(host, port);
        settings.proxy = new java.net.Proxy(java.net.Proxy.Type.HTTP, new java.net.InetSocketAddress(host, port));
    }
}
