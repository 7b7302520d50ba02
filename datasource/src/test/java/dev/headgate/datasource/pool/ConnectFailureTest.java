package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.pool.ConnectFailure.Reach;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose trouble a failure to connect is, by what drivers throw. */
final class ConnectFailureTest {

  @ParameterizedTest
  @CsvSource({
    "28P01, 0, LOGIN",
    "28000, 1045, LOGIN",
    "3D000, 0, LOGIN",
    "42000, 1049, LOGIN",
    "42000, 1203, LOGIN",
    "08004, 0, LOGIN",
    "08004, 1040, PERHAPS_SERVER",
    "53300, 0, PERHAPS_SERVER",
    "08001, 0, PERHAPS_SERVER",
    "08S01, 1053, PERHAPS_SERVER",
    "57P01, 0, PERHAPS_SERVER",
    "57P02, 0, SERVER",
    "57P03, 0, SERVER",
    "57P04, 0, LOGIN",
    "57014, 0, POOL",
    "55000, 0, POOL",
    "HY000, 1129, POOL",
  })
  void state(String state, int code, Reach reach) {
    assertThat(of(new SQLException("", state, code)).reach()).isEqualTo(reach);
  }

  @Test
  void cause() {
    assertThat(reachOf(new ConnectException())).isEqualTo(Reach.SERVER);
    assertThat(reachOf(new SocketTimeoutException())).isEqualTo(Reach.PERHAPS_SERVER);
    assertThat(reachOf(new UnknownHostException())).isEqualTo(Reach.SERVER);
    assertThat(reachOf(new EOFException())).isEqualTo(Reach.PERHAPS_SERVER);
    assertThat(reachOf(new SSLHandshakeException(""))).isEqualTo(Reach.POOL);
    assertThat(of(new SQLTimeoutException()).reach()).isEqualTo(Reach.PERHAPS_SERVER);
  }

  @Test
  void secretsAreHidden_itsReachIsThatOfWhatTheDriverThrew() {
    SQLException thrown = new SQLException("no route for p4ss", "08001", new ConnectException());
    ConnectFailure failure =
        ConnectFailure.of(thrown, new SQLException("no route for ***", "08001"));
    assertThat(failure.reach()).isEqualTo(Reach.SERVER);
    assertThat(failure.reason()).contains("no route for ***").doesNotContain("p4ss");
  }

  @ParameterizedTest
  @CsvSource({"08001, SQLSTATE 08001", ", the driver has failed"})
  void othersHearNothingThatTheDriverSays(@Nullable String state, String told) {
    ConnectFailure failure = of(new SQLException("acme's database", state)).forOthers();
    assertThat(failure.reason()).isEqualTo(told);
    assertThat(failure.sqlState()).isEqualTo(state);
  }

  private static Reach reachOf(Exception cause) {
    return of(new SQLException("", "08001", cause)).reach();
  }

  private static ConnectFailure of(SQLException failure) {
    return ConnectFailure.of(failure, failure);
  }
}
