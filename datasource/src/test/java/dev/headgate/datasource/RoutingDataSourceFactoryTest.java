package dev.headgate.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.pool.Database;
import java.util.Optional;
import javax.naming.CompositeName;
import javax.naming.NamingException;
import javax.naming.Reference;
import javax.naming.StringRefAddr;
import javax.naming.spi.NamingManager;
import org.junit.jupiter.api.Test;

class RoutingDataSourceFactoryTest {

  /** What Tomcat makes of a Resource with these attributes. */
  private static Object lookUp(String... attributes) throws Exception {
    Reference reference =
        new Reference("javax.sql.DataSource", RoutingDataSourceFactory.class.getName(), null);
    for (int i = 0; i < attributes.length; i += 2) {
      reference.add(new StringRefAddr(attributes[i], attributes[i + 1]));
    }
    return NamingManager.getObjectInstance(
        reference, new CompositeName("jdbc/tenants"), null, null);
  }

  @Test
  void theAttributesOfAResource_areSettings() throws Exception {
    Object made =
        lookUp(
            "factory", RoutingDataSourceFactory.class.getName(),
            "auth", "Container",
            "scope", "Shareable",
            "singleton", "true",
            "closeMethod", "close",
            "database.url", "jdbc:h2:mem:{tenant}",
            "pools.maximum", "3");
    try (RoutingDataSource dataSource = (RoutingDataSource) made;
        UnitOfWork work = dataSource.begin(TenantId.of("acme"))) {
      assertThat(work.database()).isEqualTo(Database.of("jdbc:h2:mem:acme"));
    }
  }

  @Test
  void whatIsWrong_isNamedWithItsResource() {
    assertThatThrownBy(() -> lookUp("database.url", "jdbc:h2:mem:a", "maxTotal", "8"))
        .isInstanceOf(NamingException.class)
        .hasMessage("resource jdbc/tenants: maxTotal: is unknown");
  }

  @Test
  void aRelativeFile_isRefused() {
    assertThatThrownBy(() -> lookUp("directory", "conf/tenants.properties"))
        .isInstanceOf(NamingException.class)
        .hasMessage(
            "resource jdbc/tenants: directory: conf/tenants.properties is relative; give the whole"
                + " path, in Tomcat such as ${catalina.base}/conf/tenants.properties");
  }

  @Test
  void aDirectoryThatIsAClass_isNoFile() throws Exception {
    try (RoutingDataSource dataSource =
        (RoutingDataSource) lookUp("directory", NoTenants.class.getName())) {
      assertThat(dataSource).isNotNull();
    }
  }

  /** Made by its name. */
  public static final class NoTenants implements TenantDirectory {
    @Override
    public Optional<Database> find(TenantId tenant) {
      return Optional.empty();
    }
  }

  @Test
  void aResourceForEachLookUp_isRefused() {
    assertThatThrownBy(() -> lookUp("database.url", "jdbc:h2:mem:a", "singleton", "false"))
        .isInstanceOf(NamingException.class)
        .hasMessageStartingWith("resource jdbc/tenants: singleton: has to be true");
  }

  @Test
  void anotherObject_isNotItsBusiness() throws Exception {
    assertThat(new RoutingDataSourceFactory().getObjectInstance("text", null, null, null)).isNull();
  }
}
