package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.faults.StubDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import java.util.UUID;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The listener that makes the data source; what it does in JNDI, the containers' tests show. */
class RoutingDataSourceListenerTest {

  private final StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
  private final Web web = new Web();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    web.close();
    stub.close();
  }

  private Path settings(String... lines) throws IOException {
    return Files.writeString(folder.resolve("headgate.properties"), String.join("\n", lines));
  }

  private void start(Map<String, String> params) throws Exception {
    web.context().addEventListener(new RoutingDataSourceListener());
    params.forEach(web.context()::setInitParameter);
    FilterHolder filter = new FilterHolder(UnitOfWorkFilter.class);
    filter.setInitParameters(Map.of("resolver", "header", "resolver.header", "Tenant"));
    web.filter(filter)
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

  private void assertRefused(Map<String, String> params, String... parts) {
    assertThatThrownBy(() -> start(params)).hasStackTraceContaining(String.join("", parts));
  }

  @Test
  void aFilterWithoutADataSourceOfItsOwn_usesThatOfTheListener() throws Exception {
    Path tenants =
        Files.writeString(folder.resolve("tenants.properties"), "acme.url = " + stub.url());
    start(
        Map.of(
            "headgate.settings",
            settings("directory = " + tenants, "pools.maximum = 3").toString()));

    assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(200);
    assertThat(stub.committed()).containsExactly("a");
    assertThat(web.get("/", "Tenant: nobody").status()).isEqualTo(404);
  }

  @Test
  void theDataSourceIsClosed_whenTheApplicationStops() throws Exception {
    start(
        Map.of(
            "headgate.settings",
            settings("database.url = " + stub.url().replace("stub:", "stub:{tenant}")).toString()));
    assertThat(UnitOfWorkFilter.dataSource(web.context().getServletContext())).isNotNull();
    web.close();
    assertThatThrownBy(() -> UnitOfWorkFilter.dataSource(web.context().getServletContext()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void withoutAFile_theStartStops() {
    assertRefused(Map.of(), "context-param headgate.settings is missing");
  }

  @Test
  void aFileThatIsNotThere_stopsTheStart() {
    assertRefused(
        Map.of("headgate.settings", "/no/such.properties"),
        "context-param headgate.settings: /no/such.properties can't be read");
  }

  @Test
  void aWrongSetting_stopsTheStart() throws Exception {
    Path file = settings("database.url = jdbc:h2:mem:a", "pools.most = 3");
    assertRefused(
        Map.of("headgate.settings", file.toString()),
        "context-param headgate.settings: ",
        file.toString(),
        ": pools.most: is unknown");
  }

  @Test
  void withoutJndi_aNameInItStopsTheStart() throws Exception {
    Path file = settings("database.url = jdbc:h2:mem:a");
    assertRefused(
        Map.of("headgate.settings", file.toString(), "headgate.jndi-name", "jdbc/tenants"),
        "context-param headgate.jndi-name: jdbc/tenants can't be bound in JNDI: this container has no"
            + " JNDI, or it is switched off");
  }
}
