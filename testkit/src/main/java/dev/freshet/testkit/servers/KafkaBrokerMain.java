package dev.freshet.testkit.servers;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/** The broker's process: formats the log directory at its first start, then runs Kafka's own main with the properties file. */
final class KafkaBrokerMain {
    private KafkaBrokerMain() {}

    public static void main(String[] args) throws Exception {
        Path propertiesFile = Path.of(args[0]);
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(propertiesFile)) {
            properties.load(in);
        }
        Path logs = Path.of(properties.getProperty("log.dirs"));
        if (!Files.exists(logs)) {
            format(logs, Integer.parseInt(properties.getProperty("node.id")));
        }
        kafka.Kafka.main(new String[] {propertiesFile.toString()});
    }

    /** Into another directory first: a run killed in the middle must not leave a half-formatted one under the final name. */
    private static void format(Path logs, int nodeId) throws Exception {
        Path fresh = logs.resolveSibling(logs.getFileName() + ".new");
        Directories.delete(fresh);
        Files.createDirectories(fresh);
        new Formatter()
                .setPrintStream(new PrintStream(System.out, true, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(nodeId)
                .setControllerListenerName(KafkaServer.CONTROLLER_LISTENER)
                .setMetadataLogDirectory(fresh.toString())
                .setDirectories(Set.of(fresh.toString()))
                .run();
        Files.move(fresh, logs);
    }
}
