package dev.freshet.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertificateException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What Kafka refuses is refused again after a restart: a person has to be told what to do. */
class DiagnosisTest {
    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(new SaslAuthenticationException("invalid credentials"), "sasl.*"),
                Arguments.of(new UnsupportedSaslMechanismException("not enabled: PLAIN"), "sasl.*"),
                Arguments.of(new SslAuthenticationException("handshake failed"), "ssl.*"),
                Arguments.of(new TopicAuthorizationException(Set.of("shop.changes.g1")), "OPERATIONS.md"),
                Arguments.of(GroupAuthorizationException.forGroupId("shop.sink.g1"), "OPERATIONS.md"),
                Arguments.of(new InvalidReplicationFactorException("3, brokers: 1"), "kafka.replication.factor"),
                Arguments.of(new InvalidConfigurationException("unknown"), "Let the brokers"),
                Arguments.of(new PolicyViolationException("too long a name"), "Let the brokers"),
                Arguments.of(new UnsupportedVersionException("too old"), "Upgrade"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whatKafkaRefusesEndsWithTheReasonAndACure(KafkaException refusal, String cure) {
        for (Throwable failure : new Throwable[] {
            refusal,
            new ExecutionException(refusal),
            new CompletionException(new KafkaException("cannot send", refusal)),
            new IllegalStateException(refusal)
        }) {
            assertThat(ExitCode.of(failure)).isEqualTo(ExitCode.OPERATOR);
            assertThat(Diagnosis.of(failure))
                    .hasMessageContaining(refusal.getMessage())
                    .hasMessageContaining(cure);
        }
    }

    @Test
    void ofAHandshakeThatFailedTheCertificateIsSaid() {
        Throwable failure = new SslAuthenticationException(
                "SSL handshake failed",
                new IllegalStateException("x", new CertificateException("no name matching broker")));
        assertThat(Diagnosis.of(failure)).hasMessageContaining("SSL handshake failed (no name matching broker)");
    }

    @Test
    void aNameThatIsNotResolvedNowMayBeLater() {
        Throwable failure =
                new KafkaException("Failed to construct", new ConfigException("No resolvable bootstrap urls"));
        assertThat(ExitCode.of(failure)).isEqualTo(ExitCode.TEMPORARY);
        assertThat(Diagnosis.of(failure)).hasMessageContaining("No resolvable bootstrap urls");
    }

    @Test
    void whatIsInNothingKnownStaysAsItIs() {
        Throwable failure = new IllegalStateException("x");
        assertThat(Diagnosis.of(new ExecutionException(failure))).isSameAs(failure);
    }
}
