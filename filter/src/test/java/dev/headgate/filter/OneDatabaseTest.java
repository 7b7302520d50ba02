package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.headgate.faults.StubDatabase;
import jakarta.servlet.ServletException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether there is one database, or one for each tenant, by init-params. */
class OneDatabaseTest {

  private final String name = UUID.randomUUID().toString();
  private final StubDatabase acme = StubDatabase.create(name + "-acme");
  private final StubDatabase only = StubDatabase.create(name + "-only");
  private final Web web = new Web();
  private final Map<String, String> params = new HashMap<>();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    web.close();
    acme.close();
    only.close();
  }

  private void start() throws Exception {
    FilterHolder holder = new FilterHolder(UnitOfWorkFilter.class);
    holder.setName("units");
    holder.setInitParameters(params);
    web.filter(holder)
        .servlet(
            "/*",
            (request, response) -> {
              try (Connection connection =
                  UnitOfWorkFilter.dataSource(request.getServletContext()).getConnection()) {
                connection.createStatement().execute("INSERT a");
              }
            })
        .start();
  }

  private String templateInAFile() throws Exception {
    Path file = folder.resolve("url");
    Files.writeString(file, "jdbc:stub:" + name + "-{tenant}\n");
    return "${file:%s}".formatted(file);
  }

  @Test
  void aTemplateBehindAPlaceholder_takesAResolver() throws Exception {
    params.put("database.url", templateInAFile());
    params.put("resolver", "header");
    params.put("resolver.header", "Tenant");
    start();
    assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(200);
    assertThat(acme.committed()).containsExactly("a");
  }

  @Test
  void aTemplateBehindAPlaceholder_withoutAResolver_isNoDatabaseThatAllShare() throws Exception {
    params.put("database.url", templateInAFile());
    Throwable failure = catchThrowable(this::start);
    if (failure == null) {
      web.get("/", "Host: acme.example.com");
      web.get("/", "Host: globex.example.com");
    }
    assertThat(only.committed()).as("requests of whatever tenant").isEmpty();
    assertThat(failure).isInstanceOf(ServletException.class);
  }

  @Test
  void aParameterOfAResolver_withoutOne_isRefused() {
    params.put("database.url", acme.url());
    params.put("resolver.header", "Tenant");
    assertThatThrownBy(this::start)
        .isInstanceOf(ServletException.class)
        .hasMessageContaining("resolver.header");
  }
}
