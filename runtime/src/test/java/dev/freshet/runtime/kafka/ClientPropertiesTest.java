package dev.freshet.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

import dev.freshet.runtime.config.KafkaSettings;
import dev.freshet.runtime.config.RegistrySettings;

class ClientPropertiesTest {
    private final ClientProperties properties = new ClientProperties(new KafkaSettings(
            "broker:9092",
            8,
            1,
            Map.of(
                    "security.protocol",
                    "SSL",
                    "linger.ms",
                    "1",
                    "producer.linger.ms",
                    "5",
                    "consumer.fetch.min.bytes",
                    "9"),
            new RegistrySettings("http://registry:8081", Map.of())));

    @Test
    void eachKindOfClientGetsWhatIsForAllAndWhatIsForIt() {
        assertThat(properties.producer("p"))
                .containsEntry("bootstrap.servers", "broker:9092")
                .containsEntry("client.id", "p")
                .containsEntry("security.protocol", "SSL")
                .containsEntry("linger.ms", "5")
                .containsEntry("acks", "all")
                .doesNotContainKeys("producer.linger.ms", "consumer.fetch.min.bytes", "fetch.min.bytes");
        assertThat(properties.consumer("c"))
                .containsEntry("fetch.min.bytes", "9")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("enable.auto.commit", false);
        assertThat(properties.admin("a")).containsEntry("linger.ms", "1").doesNotContainKey("acks");
    }

    @Test
    void streamsKeepsThePrefixesThatItKnowsItself() {
        assertThat(properties.streams())
                .containsEntry("producer.linger.ms", "5")
                .containsEntry("consumer.fetch.min.bytes", "9")
                .containsEntry("bootstrap.servers", "broker:9092");
    }
}
