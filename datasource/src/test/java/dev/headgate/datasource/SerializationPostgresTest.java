package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A row that another transaction has changed since this one's snapshot. */
class SerializationPostgresTest extends LostTransactionContract {

  private static final UnitOptions SERIALIZABLE =
      UnitOptions.defaults().isolation(Connection.TRANSACTION_SERIALIZABLE);

  @Override
  Tenants open() throws SQLException {
    return Tenants.onPostgres();
  }

  @Override
  UnitOptions options() {
    return UnitOptions.defaults().isolation(Connection.TRANSACTION_REPEATABLE_READ);
  }

  @Override
  void provoke(Connection handle) throws SQLException {
    execute(handle, "SELECT amount FROM account");
    rival.commit(other -> execute(other, "UPDATE account SET amount = 2 WHERE id = 2"));
  }

  /** Each reads both accounts and writes another one. */
  private void skew(Connection handle) throws SQLException {
    execute(handle, "SELECT sum(amount) FROM account");
    rival.commit(
        other -> {
          execute(other, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
          execute(other, "SELECT sum(amount) FROM account");
          execute(other, "UPDATE account SET amount = 2 WHERE id = 2");
        });
  }

  @Test
  void aSwallowedWriteSkew() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, SERIALIZABLE);
        Connection handle = dataSource.getConnection()) {
      insert(handle, "before");
      skew(handle);
      assertThatThrownBy(() -> execute(handle, "UPDATE account SET amount = 1 WHERE id = 1"))
          .hasMessageContaining("could not serialize access");
      assertThatThrownBy(work::commit)
          .isInstanceOf(RolledBackException.class)
          .hasMessageContaining("could not serialize access");
      assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
    }
    assertThat(tenants.stored(ACME)).isEmpty();
  }

  @Test
  void aWriteSkewThatCommitFinds() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME, SERIALIZABLE);
        Connection handle = dataSource.getConnection()) {
      insert(handle, "before");
      execute(handle, "SELECT sum(amount) FROM account");
      execute(handle, "UPDATE account SET amount = 1 WHERE id = 1");
      skew(handle);
      assertThatThrownBy(work::commit)
          .isInstanceOf(RolledBackException.class)
          .hasMessageContaining("the database refused COMMIT")
          .hasMessageContaining("could not serialize access");
      assertThat(work.outcome()).contains(Outcome.ROLLED_BACK);
    }
    assertThat(tenants.stored(ACME)).isEmpty();
  }
}
