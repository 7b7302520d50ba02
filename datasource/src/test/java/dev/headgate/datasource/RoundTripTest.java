package dev.headgate.datasource;

import static dev.headgate.datasource.StubTenant.TENANT;
import static dev.headgate.datasource.StubTenant.execute;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is sent to the database besides the application's own statements. */
class RoundTripTest {

  private final StubTenant tenant = new StubTenant();

  @BeforeEach
  void connect() throws SQLException {
    tenant.dataSource.call(
        TENANT,
        work -> {
          tenant.dataSource.getConnection().close();
          return null;
        });
    tenant.stub.resetCalls();
  }

  @AfterEach
  void close() {
    tenant.close();
  }

  private UnitOfWork begin() throws SQLException {
    return tenant.dataSource.begin(TENANT);
  }

  private Connection handle() throws SQLException {
    return tenant.dataSource.getConnection();
  }

  @Test
  void aRequestInAutoCommitMode_costsOneCommit() throws SQLException {
    try (UnitOfWork work = begin()) {
      for (String token : new String[] {"a", "b"}) {
        try (Connection handle = handle()) {
          execute(handle, "INSERT " + token);
        }
      }
      work.commit();
    }
    assertThat(tenant.sent())
        .containsExactly(
            "Statement.execute(INSERT a)", "Statement.execute(INSERT b)", "Connection.commit()");
  }

  @Test
  void aRequestWithOneInnerTransaction_costsOneCommit() throws SQLException {
    try (UnitOfWork work = begin()) {
      try (Connection handle = handle()) {
        handle.setReadOnly(true);
        handle.setAutoCommit(false);
        execute(handle, "INSERT a");
        handle.commit();
        handle.setAutoCommit(true);
        handle.setReadOnly(false);
      }
      work.commit();
    }
    assertThat(tenant.sent()).containsExactly("Statement.execute(INSERT a)", "Connection.commit()");
  }

  @Test
  void anInnerTransactionWithoutAStatement_costsNothing() throws SQLException {
    try (UnitOfWork work = begin()) {
      try (Connection handle = handle()) {
        handle.setAutoCommit(false);
        handle.setSavepoint();
        handle.rollback();
        handle.commit();
      }
      work.commit();
    }
    assertThat(tenant.sent()).isEmpty();
  }

  @Test
  void marksWithNoStatementBetweenThem_shareOneSavepoint() throws SQLException {
    try (UnitOfWork work = begin();
        Connection outer = handle();
        Connection inner = handle()) {
      execute(outer, "INSERT a");
      outer.setAutoCommit(false);
      inner.setAutoCommit(false);
      inner.setSavepoint();
      execute(inner, "INSERT b");
      inner.commit();
      outer.commit();
      work.commit();
    }
    assertThat(tenant.sent())
        .containsExactly(
            "Statement.execute(INSERT a)",
            "Connection.setSavepoint()",
            "Statement.execute(INSERT b)",
            "Connection.commit()");
  }

  @Test
  void aLongRowOfInnerTransactions_doesNotNestSavepoints() throws SQLException {
    try (UnitOfWork work = begin();
        Connection handle = handle()) {
      handle.setAutoCommit(false);
      for (int i = 0; i < 50; i++) {
        execute(handle, "INSERT " + i);
        handle.commit();
      }
      work.commit();
    }
    long set = count("Connection.setSavepoint()");
    long released = count("Connection.releaseSavepoint");
    assertThat(set).isEqualTo(49);
    assertThat(released).isEqualTo(48);
    assertThat(tenant.stub.committed()).hasSize(50);
  }

  private long count(String call) {
    return tenant.sent().stream().filter(sent -> sent.startsWith(call)).count();
  }

  @Test
  void aFailureOfAStatement_costsOneProbe() throws SQLException {
    try (UnitOfWork work = begin();
        Connection handle = handle()) {
      execute(handle, "INSERT a");
      try {
        execute(handle, "DUPLICATE");
      } catch (SQLException expected) {
        assertThat(expected.getSQLState()).isEqualTo("23505");
      }
      work.commit();
    }
    assertThat(tenant.sent().stream().filter(call -> call.startsWith("Connection")).toList())
        .satisfiesExactly(
            call -> assertThat(call).isEqualTo("Connection.setSavepoint()"),
            call -> assertThat(call).startsWith("Connection.releaseSavepoint"),
            call -> assertThat(call).isEqualTo("Connection.commit()"));
    assertThat(tenant.stub.committed()).containsExactly("a");
  }

  @Test
  void isolationOfAUnit_isSetOnceAndChangedBackOnce() throws SQLException {
    UnitOptions options = UnitOptions.defaults().isolation(Connection.TRANSACTION_SERIALIZABLE);
    try (UnitOfWork work = tenant.dataSource.begin(TENANT, options);
        Connection handle = handle()) {
      handle.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      execute(handle, "INSERT a");
      work.commit();
    }
    assertThat(tenant.sent())
        .containsExactly(
            "Connection.setTransactionIsolation(8)",
            "Statement.execute(INSERT a)",
            "Connection.commit()",
            // Drivers know that there is nothing to roll back, and send nothing.
            "Connection.rollback()",
            "Connection.setTransactionIsolation(2)");
    assertThat(tenant.isClean()).isTrue();
  }
}
