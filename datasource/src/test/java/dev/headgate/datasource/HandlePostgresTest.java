package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class HandlePostgresTest extends HandleContract {

  @Override
  Tenants open() throws SQLException {
    return Tenants.onPostgres();
  }

  @Override
  Class<?> driverConnection() {
    return PGConnection.class;
  }

  @Override
  String selectArray() {
    return "SELECT CAST(? AS VARCHAR[])";
  }

  @Test
  void copyThroughUnwrap_isPartOfTheUnit() throws SQLException, IOException {
    try (Connection handle = dataSource.getConnection()) {
      handle
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY note FROM STDIN", new StringReader("a\nb\n"));
    }
    assertThat(tenants.stored(Tenants.ACME)).isEmpty();
    dataSource.current().commit();
    assertThat(tenants.stored(Tenants.ACME)).containsExactly("a", "b");
  }
}
