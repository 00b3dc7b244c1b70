package dev.freshet.serving.http;

import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.ServingSettings;
import dev.freshet.runtime.lifecycle.Stop;
import dev.freshet.runtime.time.Time;

/** The HTTP server, with its limits. */
final class ServingServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServingServer.class);
    private static final int HEADER_BYTES = 8 * 1_024;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration IDLE_AT_LIMIT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** Beside those that may wait for a connection to the target: for health, and for the server itself. */
    private static final int SPARE_THREADS = 16;

    private final ServingSettings settings;
    private final QueuedThreadPool threads;
    private final Server server;
    private final ServerConnector connector;

    ServingServer(ServingSettings settings, Handler api, ServingMeter meter, Time time) {
        this.settings = settings;
        threads = new QueuedThreadPool(settings.poolSize() * Answers.CALLERS_PER_CONNECTION + SPARE_THREADS);
        threads.setName("serving");
        threads.setDaemon(true);
        server = new Server(threads);
        connector = new ServerConnector(server, new HttpConnectionFactory(protocol()));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE.toMillis());
        server.addConnector(connector);
        NetworkConnectionLimit limit = new NetworkConnectionLimit(settings.maxConnections(), connector);
        limit.setEndPointIdleTimeout(IDLE_AT_LIMIT.toMillis());
        server.addBean(limit);
        SlowRequests slow = new SlowRequests(api, time);
        connector.addEventListener(slow);
        server.setHandler(new GracefulHandler(slow));
        server.setErrorHandler(new JsonErrors(meter));
        server.setStopTimeout(PATIENCE.toMillis());
    }

    private static HttpConfiguration protocol() {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(HEADER_BYTES);
        // Or a token is taken for another one that the same connection sent before and that differs in capitals only.
        http.setHeaderCacheCaseSensitive(true);
        http.setHttpCompliance(HttpCompliance.STRICT);
        http.setUriCompliance(UriCompliance.DEFAULT);
        http.setSendServerVersion(false);
        return http;
    }

    /** @throws Stop.Operator if the port is taken */
    void start() throws Exception {
        try {
            server.start();
        } catch (Exception e) {
            if (isBindFailure(e)) {
                throw new Stop.Operator(
                        "cannot listen on " + settings.host() + " port " + settings.port() + ": " + e.getMessage(),
                        "Set serving.host to an address of this machine, and serving.port to one that is free.",
                        e);
            }
            throw e;
        }
    }

    private static boolean isBindFailure(Throwable failure) {
        return failure instanceof BindException || failure.getCause() instanceof BindException;
    }

    /** Where it listens, as {@code http://127.0.0.1:6566}. */
    String url() {
        String host = settings.host();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + connector.getLocalPort();
    }

    /** Requests under way are answered first, for a while. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            log.info("requests under way were cut off patience={}", PATIENCE);
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server did not stop", e);
        }
    }
}
