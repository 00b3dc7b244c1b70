package dev.freshet.e2e.faults;

import java.io.IOException;
import java.util.List;

/** Programs of the system, which a machine need not have and a user need not be allowed to run. */
final class Tools {
    private Tools() {}

    /** @throws MissedException if it is not there, or has failed */
    static void run(String... command) throws MissedException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor() != 0) {
                throw new MissedException("not possible here: " + List.of(command));
            }
        } catch (IOException e) {
            throw new MissedException("not possible here: " + e.getMessage());
        }
    }
}
