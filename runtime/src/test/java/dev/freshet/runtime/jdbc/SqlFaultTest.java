package dev.freshet.runtime.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlFaultTest {
    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource({
        "08006, WAIT, connection failure",
        "53300, WAIT, too many connections",
        "57P01, WAIT, admin shutdown",
        "57P03, WAIT, cannot connect now",
        "57014, WAIT, statement timeout",
        "58030, WAIT, I/O error",
        "25006, WAIT, read-only transaction",
        "25P03, WAIT, idle in transaction",
        "40001, RETRY, serialization failure",
        "40P01, RETRY, deadlock",
        "55P03, RETRY, lock timeout",
        "55006, RETRY, object in use",
        "22003, ROW, out of range",
        "23503, ROW, foreign key",
        "54000, ROW, index row too large",
        "08004, STOP, no password where one is asked for",
        "28P01, STOP, wrong password",
        "3D000, STOP, no such database",
        "42P01, STOP, no such table",
        "42501, STOP, no privilege",
        "0A000, STOP, not supported",
        "XX000, STOP, internal error",
    })
    void eachStateAsksForOneThing(String state, SqlFault expected, String meaning) {
        assertThat(SqlFault.of(new SQLException(meaning, state))).isEqualTo(expected);
    }

    @Test
    void aBrokenSocketIsWaitedFor() {
        SQLException failure = new SQLException("I/O error", (String) null, new SocketTimeoutException());
        assertThat(SqlFault.of(failure)).isEqualTo(SqlFault.WAIT);
        assertThat(SqlFault.of(new SQLException("no state"))).isEqualTo(SqlFault.STOP);
    }

    @Test
    void aCertificateThatIsNotTrustedIsNot() {
        SSLHandshakeException handshake = new SSLHandshakeException("PKIX path building failed");
        assertThat(SqlFault.of(new SQLException("SSL error", "08006", handshake)))
                .as("the server went away in the middle of it")
                .isEqualTo(SqlFault.WAIT);
        handshake.initCause(new CertificateException("unable to find valid certification path"));
        assertThat(SqlFault.of(new SQLException("SSL error", "08006", handshake)))
                .isEqualTo(SqlFault.STOP);
    }

    @Test
    void aCertificateOfAnotherHostIsNot() {
        SQLException failure =
                new SQLException("The hostname db could not be verified by hostnameverifier X.", "08006");
        assertThat(SqlFault.of(failure)).isEqualTo(SqlFault.STOP);
    }

    @Test
    void onlyWhatPassesByItselfIsRetried() {
        assertThat(SqlFault.isPassing(new SQLException("", "57P01"))).isTrue();
        assertThat(SqlFault.isPassing(new SQLException("", "40001"))).isTrue();
        assertThat(SqlFault.isPassing(new SQLException("", "23505"))).isFalse();
        assertThat(SqlFault.isPassing(new IllegalStateException())).isFalse();
    }
}
