package dev.headgate.datasource.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.headgate.fuzz.Input;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The names of schemas, which become part of SQL. */
class DialectFuzzTest {

  private static Optional<String> schema(String url, String name) {
    try {
      return Database.builder(url).schema(name).build().schema();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The server is not there: what is sent is read as PostgreSQL reads quoted names. */
  @FuzzTest
  void toPostgresASchemaIsOneName(byte[] input) throws SQLException {
    String text = Input.text(input);
    Optional<String> schema = schema("jdbc:postgresql://db/acme", text);
    if (schema.isEmpty()) {
      return;
    }
    assertThat(text).doesNotContain("\0").isNotBlank();
    assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThan(64);
    List<String> sent = new ArrayList<>();
    try {
      new PostgresDialect().lead(connection(sent), text, new Dialect.Origin(null, text, true));
    } catch (NoSuchPartException e) {
      assertThat(e.getMessage()).contains("no such schema");
    }
    assertThat(sent).hasSize(1);
    String sql = sent.get(0);
    String path = "SET SESSION search_path TO ";
    String end = "; SELECT current_schema(), pg_advisory_unlock_all()";
    int begin = sql.indexOf(path, sql.indexOf("SET application_name TO ") + text.length());
    assertThat(sql).endsWith(end);
    String quoted = sql.substring(begin + path.length(), sql.length() - end.length());
    assertThat(quoted).matches("(?s)\"([^\"]|\"\")+\"");
    assertThat(quoted.substring(1, quoted.length() - 1).replace("\"\"", "\"")).isEqualTo(text);
    String literal = sql.substring(0, begin).replaceFirst("(?s).*?SET application_name TO E", "");
    assertThat(literal).matches("(?s)'([^'\\\\]|''|\\\\\\\\)*'; ");
  }

  private static Connection connection(List<String> sent) {
    ResultSet answer =
        proxy(ResultSet.class, (method, arguments) -> method.equals("next") ? true : null);
    Statement statement =
        proxy(
            Statement.class,
            (method, arguments) ->
                switch (method) {
                  case "execute" -> sent.add((String) arguments[0]);
                  case "getResultSet" -> answer;
                  default -> null;
                });
    return proxy(
        Connection.class,
        (method, arguments) ->
            switch (method) {
              case "getAutoCommit" -> true;
              case "createStatement" -> statement;
              default -> null;
            });
  }

  private interface Answer {
    Object to(String method, Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            DialectFuzzTest.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answer.to(method.getName(), arguments)));
  }

  @FuzzTest
  void toH2ASchemaIsOneName(byte[] input) throws SQLException {
    String text = Input.text(input);
    Optional<String> schema = schema("jdbc:h2:mem:", text);
    if (schema.isEmpty()) {
      return;
    }
    H2Dialect dialect = new H2Dialect();
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
      Dialect.Origin origin = dialect.origin(connection);
      try {
        assertThat(dialect.lead(connection, text, origin)).isTrue();
        assertThat(connection.getSchema()).isEqualTo(text).isIn("PUBLIC", "INFORMATION_SCHEMA");
      } catch (NoSuchPartException e) {
        assertThat(connection.getSchema()).isEqualTo("PUBLIC");
      }
    }
  }
}
