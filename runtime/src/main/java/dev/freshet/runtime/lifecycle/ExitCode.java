package dev.freshet.runtime.lifecycle;

import java.sql.SQLException;
import org.apache.kafka.common.errors.RetriableException;

import dev.freshet.runtime.config.ConfigException;
import dev.freshet.runtime.jdbc.SqlFault;
import dev.freshet.schemas.avro.RegistryUnavailableException;

/**
 * What the end of a process tells its supervisor; the numbers are those of BSD's sysexits.h.
 *
 * @see <a href="https://man.freebsd.org/cgi/man.cgi?query=sysexits">sysexits</a>
 */
public enum ExitCode {
    /** It ended as it was asked to. */
    OK(0),
    /** The command line or the configuration is wrong, and nothing was done. */
    USAGE(2),
    /** A fault of Freshet's own: restart, and report it. */
    INTERNAL(70),
    /** A restart is the cure. */
    TEMPORARY(75),
    /** A person must act: do not restart. */
    OPERATOR(78);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The code for a process that ends because of this. */
    public static ExitCode of(Throwable failure) {
        Throwable cause = Diagnosis.of(failure);
        if (cause instanceof ConfigException) {
            return USAGE;
        }
        if (cause instanceof Stop.Operator) {
            return OPERATOR;
        }
        if (cause instanceof Stop.Restart
                || cause instanceof RetriableException
                || cause instanceof RegistryUnavailableException) {
            return TEMPORARY;
        }
        if (cause instanceof SQLException sql) {
            return switch (SqlFault.of(sql)) {
                case WAIT, RETRY -> TEMPORARY;
                case STOP -> OPERATOR;
                case ROW -> INTERNAL;
            };
        }
        return INTERNAL;
    }
}
