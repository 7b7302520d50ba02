package dev.headgate.datasource;

import static dev.headgate.datasource.Tenants.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.jdbc.JdbcConnection;
import org.junit.jupiter.api.Test;

class HandleH2Test extends HandleContract {

  @Override
  Tenants open() throws SQLException {
    return Tenants.onH2();
  }

  @Override
  Class<?> driverConnection() {
    return JdbcConnection.class;
  }

  @Override
  String selectArray() {
    return "SELECT CAST(? AS VARCHAR ARRAY)";
  }

  @Test
  void largeObjects_areHandedBackAndForth() throws SQLException, IOException {
    try (Connection handle = dataSource.getConnection();
        Statement statement = handle.createStatement()) {
      statement.execute("CREATE TABLE large (b BLOB, c CLOB)");
      Blob blob = handle.createBlob();
      blob.setBytes(1, new byte[] {1, 2, 3});
      Clob clob = handle.createClob();
      clob.setString(1, "text");
      try (PreparedStatement insert = handle.prepareStatement("INSERT INTO large VALUES (?, ?)")) {
        insert.setBlob(1, blob);
        insert.setObject(2, clob);
        insert.executeUpdate();
      }
      try (ResultSet result = statement.executeQuery("SELECT * FROM large")) {
        assertThat(result.next()).isTrue();
        try (InputStream bytes = result.getBlob(1).getBinaryStream()) {
          assertThat(bytes.readAllBytes()).containsExactly(1, 2, 3);
        }
        try (Reader text = result.getObject(2, Clob.class).getCharacterStream()) {
          assertThat(text.read()).isEqualTo('t');
        }
      }
    }
    dataSource.current().commit();
    assertThat(dataSource.current().tenant()).isEqualTo(ACME);
  }
}
