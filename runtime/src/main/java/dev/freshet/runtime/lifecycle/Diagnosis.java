package dev.freshet.runtime.lifecycle;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

import dev.freshet.schemas.avro.IncompatibleSchemaException;
import dev.freshet.schemas.avro.RegistryLoginException;

/** What a failure amounts to, out of what it was wrapped in on its way, and with a cure where Kafka or the registry refuse us. */
public final class Diagnosis {
    private Diagnosis() {}

    /** The failure itself, one of its causes, or a {@link Stop} for it. */
    public static Throwable of(Throwable failure) {
        Optional<Stop> stop = stop(failure);
        return stop.isPresent() ? stop.get() : unwrap(failure);
    }

    /** What the first of its causes that says so is to be ended with; empty if none does. */
    public static Optional<Stop> stop(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Optional<Stop> stop = cause instanceof Stop known ? Optional.of(known) : refusal(cause);
            if (stop.isPresent()) {
                return stop;
            }
        }
        return Optional.empty();
    }

    /** Whether it is for an interruption that the work has failed: libraries wrap it, and take the thread's flag with them. */
    public static boolean isInterruption(Throwable failure) {
        @Nullable Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof InterruptedException || cause instanceof InterruptException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** Whether another process of the same identity has taken this one's place: in every group, sooner or later. */
    public static boolean isOfAnotherInPlace(Throwable failure) {
        @Nullable Throwable cause = failure;
        while (cause != null) {
            if (cause instanceof FencedInstanceIdException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static Optional<Stop> refusal(Throwable cause) {
        if (cause instanceof SslAuthenticationException) {
            return operator(
                    "the TLS of Kafka and ours do not go together",
                    cause,
                    "Put the ssl.* of kafka.properties right, so that they trust who signed the brokers' certificates, and name"
                            + " the brokers as these do");
        }
        if (cause instanceof AuthenticationException) {
            return operator(
                    "Kafka refuses the login",
                    cause,
                    "Put the sasl.* of kafka.properties right, user and password above all, or make the user on the brokers");
        }
        if (cause instanceof AuthorizationException) {
            return operator(
                    "Kafka denies what Freshet needs",
                    cause,
                    "Give its user the rights that OPERATIONS.md lists under Rights in Kafka");
        }
        if (cause instanceof InvalidReplicationFactorException) {
            return operator(
                    "Kafka cannot make a topic with so many replicas",
                    cause,
                    "Set kafka.replication.factor to no more than there are brokers, or start those that are missing");
        }
        if (cause instanceof UnsupportedVersionException) {
            return operator("Kafka is too old", cause, "Upgrade the brokers");
        }
        if (cause instanceof InvalidConfigurationException || cause instanceof PolicyViolationException) {
            return operator(
                    "Kafka does not make a topic as it has to be",
                    cause,
                    "Let the brokers' policy and settings allow it");
        }
        if (cause instanceof ConfigException) {
            // What of it does not depend on the network was checked at the start.
            return Optional.of(new Stop.Restart("a client of Kafka's does not start: " + reason(cause), cause));
        }
        if (cause instanceof IncompatibleSchemaException) {
            return operator("a schema is taken", cause, "Use the version of Freshet that wrote it, or another name");
        }
        if (cause instanceof RegistryLoginException) {
            return operator(
                    "the schema registry does not let us in",
                    cause,
                    "Put the credentials in schema.registry.properties right, or give their user the right to read and write"
                            + " the subjects");
        }
        return Optional.empty();
    }

    private static Optional<Stop> operator(String what, Throwable cause, String cure) {
        return Optional.of(new Stop.Operator(what + ": " + reason(cause), cure, cause));
    }

    /** With the root cause: of a handshake, only that says which certificate it is. */
    private static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String said = String.valueOf(cause.getMessage());
        String known = root.getMessage();
        String text = known == null || said.contains(known) ? said : said + " (" + known + ")";
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while (isWrapper(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static boolean isWrapper(Throwable failure) {
        return failure instanceof CompletionException
                || failure instanceof ExecutionException
                // Its subclasses say something themselves.
                || failure.getClass() == KafkaException.class;
    }
}
