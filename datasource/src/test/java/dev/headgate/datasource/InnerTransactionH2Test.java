package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static dev.headgate.datasource.Tenants.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class InnerTransactionH2Test extends InnerTransactionContract {

  @Override
  Tenants open() throws SQLException {
    return Tenants.onH2();
  }

  @Test
  void aSwallowedDuplicateKey_doesNotEndTheTransactionHere() throws SQLException {
    try (UnitOfWork work = dataSource.begin(ACME);
        Connection handle = dataSource.getConnection()) {
      insert(handle, "a");
      assertThatThrownBy(() -> insert(handle, "a")).isInstanceOf(SQLException.class);
      work.commit();
    }
    assertThat(tenants.stored(ACME)).containsExactly("a");
  }
}
