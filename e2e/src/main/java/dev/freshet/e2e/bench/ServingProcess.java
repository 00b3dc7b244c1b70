package dev.freshet.e2e.bench;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.freshet.testkit.process.ChildJvm;

/** A process that answers lookups of a trial's table. */
final class ServingProcess implements AutoCloseable {
    private static final Duration STOPPING = Duration.ofSeconds(40);
    private static final Pattern LISTENING = Pattern.compile("answering lookups url=(\\S+)");

    private final ChildJvm process;
    private final URI url;

    private ServingProcess(ChildJvm process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** Returns once it listens. */
    static ServingProcess start(Trial trial) throws Exception {
        Path log = trial.deployment().directory().resolve("serve.log");
        ChildJvm process = ChildJvm.running("dev.freshet.cli.Freshet")
                .jvmOptions(Deployment.jvmOptions())
                .environment("FRESHET_SERVING_PORT", "0")
                .arguments("serve", "--config", trial.deployment().yaml().toString())
                .output(log)
                .start();
        trial.await("serving", () -> {
            if (!process.isAlive()) {
                throw new MeasurementException("serve has ended: " + process.output());
            }
            return LISTENING.matcher(process.output()).find();
        });
        Matcher listening = LISTENING.matcher(process.output());
        if (!listening.find()) {
            throw new IllegalStateException("it was there");
        }
        return new ServingProcess(process, URI.create(listening.group(1)));
    }

    /** Where it listens. */
    URI url() {
        return url;
    }

    @Override
    public void close() {
        process.stop(STOPPING);
    }
}
