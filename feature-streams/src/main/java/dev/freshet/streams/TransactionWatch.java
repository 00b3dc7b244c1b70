package dev.freshet.streams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.freshet.runtime.config.FreshetConfig;
import dev.freshet.runtime.kafka.ClientProperties;
import dev.freshet.runtime.kafka.HangingTransactions;
import dev.freshet.runtime.kafka.HangingTransactions.Hanging;
import dev.freshet.runtime.time.Time;

/**
 * Looks every few seconds for transactions that Kafka will never end, before which streams and sink would stand still, and ends those
 * that were certainly given up. On a thread of its own.
 */
final class TransactionWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TransactionWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final int LIMIT_MILLIS = 10_000;

    private final FreshetConfig config;
    private final StreamsMonitor monitor;
    private final Time time;
    private final Thread thread = new Thread(this::run, "freshet-streams-transactions");
    private final Set<String> failures = new HashSet<>();
    private List<Hanging> told = List.of();

    /** @param monitor is told of those that stay */
    TransactionWatch(FreshetConfig config, StreamsMonitor monitor, Time time) {
        this.config = config;
        this.monitor = monitor;
        this.time = time;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        Map<String, Object> properties =
                new HashMap<>(new ClientProperties(config.kafka()).admin("freshet-streams-transactions"));
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, LIMIT_MILLIS);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, LIMIT_MILLIS / 2);
        try {
            while (true) {
                // Of a host that nobody knows, a client is not even made.
                try (Admin admin = Admin.create(properties)) {
                    watch(new HangingTransactions(admin, config.names(), time));
                } catch (RuntimeException e) {
                    tellFailure(e);
                }
                time.pause(INTERVAL);
            }
        } catch (InterruptedException e) {
            log.debug("no longer looking for hanging transactions");
        }
    }

    /** Once for each kind: what only a person can mend, as a right that is missing, stays as it is. */
    private void tellFailure(RuntimeException failure) {
        if (failures.add(String.valueOf(failure.getMessage()))) {
            log.warn("cannot look for transactions that hang, and try again", failure);
        }
    }

    private void watch(HangingTransactions transactions) throws InterruptedException {
        while (true) {
            try {
                look(transactions);
            } catch (RetriableException e) {
                log.debug("Kafka does not tell of hanging transactions", e);
            }
            time.pause(INTERVAL);
        }
    }

    private void look(HangingTransactions transactions) throws InterruptedException {
        List<Hanging> staying = new ArrayList<>();
        for (Hanging one : transactions.look()) {
            if (!one.isGivenUp() || !isEnded(transactions, one)) {
                staying.add(one);
            }
        }
        staying.stream()
                .filter(one -> !told.contains(one))
                .forEach(one -> log.error("Kafka does not end a transaction: {}", one));
        told = staying;
        monitor.hanging(staying);
    }

    private static boolean isEnded(HangingTransactions transactions, Hanging one) throws InterruptedException {
        try {
            transactions.abort(one);
            log.warn("ended a transaction that Kafka had given up and not ended: {}", one.open());
            return true;
        } catch (KafkaException e) {
            log.warn("cannot end a transaction that Kafka has given up and not ended: {}", one.open(), e);
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
