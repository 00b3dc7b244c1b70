package dev.freshet.runtime.monitoring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.config.Fault;
import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.config.MonitoringSettings.Listener;
import dev.freshet.runtime.time.Time;

/**
 * What a process tells over HTTP: {@code /health} answers 200 while it lives; {@code /ready} 200, or 503 with the reasons, within
 * ten seconds of their cause and of its end; {@code /metrics} what Prometheus reads. It changes nothing, and asks for no password.
 */
public final class Monitoring implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Monitoring.class);
    private static final int THREADS = 4;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int WRONG_METHOD = 405;
    private static final int UNAVAILABLE = 503;
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    static {
        // Seconds that a request may take to come, and an answer to be taken: who is slower holds a thread for no
        // longer.
        setIfAbsent("sun.net.httpserver.maxReqTime", "10");
        setIfAbsent("sun.net.httpserver.maxRspTime", "10");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Readiness readiness;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private Monitoring(HttpServer server, Readiness readiness) {
        this.server = server;
        this.readiness = readiness;
        threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "monitoring");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /**
     * Listens, and watches the servers that the parts need.
     *
     * @throws ConfigException if it cannot listen there
     */
    public static Monitoring start(
            FreshetConfig config, Listener listener, List<? extends MonitoredService> services, Time time) {
        HttpServer server = bind(config.monitoring().host(), config.monitoring().port(listener));
        List<Monitored> monitored =
                services.stream().map(MonitoredService::monitored).toList();
        List<ServerWatch> servers = Arrays.stream(Server.values())
                .filter(one -> monitored.stream().anyMatch(part -> part.needs().contains(one)))
                .map(one -> new ServerWatch(one, Looks.of(one, config, monitored), time))
                .toList();
        Monitoring monitoring = new Monitoring(server, new Readiness(monitored, servers));
        monitoring.begin();
        return monitoring;
    }

    private static HttpServer bind(String host, int port) {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
        } catch (IOException e) {
            throw new ConfigException(List.of(new Fault(
                    "monitoring.port",
                    Integer.toString(port),
                    "cannot listen on " + host + ":" + port + " (" + e.getMessage()
                            + "): name another port, as with FRESHET_MONITORING_PORT, 0 for any that is free")));
        }
    }

    private void begin() {
        Gauge.builder("freshet.ready", readiness, all -> all.reasons().isEmpty() ? 1 : 0)
                .description("1 if the process is ready, 0 if not; /ready tells why")
                .register(meters);
        readiness.parts().forEach(part -> part.measure(meters));
        new JvmMemoryMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        log.info("telling how it is url={}", url());
    }

    /** Where it listens, as {@code http://127.0.0.1:9460}. */
    public String url() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                send(exchange, WRONG_METHOD, TEXT, "GET only\n");
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/health" -> send(exchange, OK, JSON, "{\"alive\":true}\n");
                case "/ready" -> {
                    List<Reason> reasons = readiness.reasons();
                    send(exchange, reasons.isEmpty() ? OK : UNAVAILABLE, JSON, Readiness.json(reasons));
                }
                case "/metrics" -> send(exchange, OK, METRICS, meters.scrape());
                default -> send(exchange, NOT_FOUND, TEXT, "/health, /ready or /metrics\n");
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        readiness.servers().forEach(ServerWatch::close);
        meters.close();
    }
}
