package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InnoDbTest {

  private static boolean hasUndoneAll(Throwable failure) throws SQLException {
    // It knows nothing of InnoDB's settings.
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
      return InnoDb.hasUndoneAll(failure, connection);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1020, 1206})
  void undoesAllWith(int code) throws SQLException {
    assertThat(hasUndoneAll(new SQLException("", "HY000", code))).isTrue();
  }

  @Test
  void aLockTimeout_whereTheSettingCanNotBeRead_isTakenForTheWorse() throws SQLException {
    assertThat(hasUndoneAll(new SQLException("", "HY000", 1205))).isTrue();
  }

  @Test
  void theNumberOfACauseCounts() throws SQLException {
    SQLException cause = new SQLException("", "HY000", 1020);
    assertThat(hasUndoneAll(new BatchUpdateException(cause))).isTrue();
    assertThat(hasUndoneAll(new IllegalStateException(cause))).isTrue();
  }

  @Test
  void otherNumbers_andTheSameOfOtherDatabases_sayNothing() throws SQLException {
    assertThat(hasUndoneAll(new SQLException("", "HY000", 1064))).isFalse();
    assertThat(hasUndoneAll(new SQLException("", "42000", 1020))).isFalse();
    assertThat(hasUndoneAll(new SQLException("", null, 1205))).isFalse();
  }
}
