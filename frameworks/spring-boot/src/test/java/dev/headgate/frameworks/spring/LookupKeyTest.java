package dev.headgate.frameworks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.headgate.datasource.NoUnitOfWorkException;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.TenantMismatchException;
import dev.headgate.datasource.Transactions;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.UnknownTenantException;
import dev.headgate.datasource.pool.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What docs/from-abstract-routing-data-source.md says of both: "there" and "here". */
class LookupKeyTest {

  private static final TenantId ACME = TenantId.of("acme");
  private static final TenantId GLOBEX = TenantId.of("globex");

  private final String acmeUrl = "jdbc:h2:mem:acme";
  private final String globexUrl = "jdbc:h2:mem:globex";
  private final JdbcConnectionPool acmePool = JdbcConnectionPool.create(acmeUrl, "", "");
  private final JdbcConnectionPool globexPool = JdbcConnectionPool.create(globexUrl, "", "");
  private final ExecutorService executor = Executors.newFixedThreadPool(1);
  private final DataSource there = there();
  private final RoutingDataSource here = here();

  private DataSource there() {
    // snippet
    LookupKeyDataSource dataSource = new LookupKeyDataSource();
    dataSource.setTargetDataSources(Map.of("acme", acmePool, "globex", globexPool));
    dataSource.setDefaultTargetDataSource(acmePool);
    dataSource.afterPropertiesSet();
    // end of snippet
    return dataSource;
  }

  private RoutingDataSource here() {
    // snippet
    TenantDirectory directory =
        TenantDirectory.of(Map.of("acme", Database.of(acmeUrl), "globex", Database.of(globexUrl)));
    RoutingDataSource dataSource =
        RoutingDataSource.builder(directory).transactions(Transactions.NONE).build();
    // end of snippet
    return dataSource;
  }

  @BeforeEach
  void withoutTenant() {
    LookupKeyDataSource.TENANT.remove();
  }

  @AfterEach
  void close() {
    LookupKeyDataSource.TENANT.remove();
    executor.shutdownNow();
    here.close();
    acmePool.dispose();
    globexPool.dispose();
  }

  /** Whose database a connection leads to. */
  private static String owner(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return connection.getMetaData().getURL();
    }
  }

  @Test
  void withoutTenant_there_itIsTheDefaultOne() throws SQLException {
    assertThat(owner(there)).isEqualTo(acmeUrl);
  }

  @Test
  void withoutTenant_here_thereIsNoConnection() {
    assertThatThrownBy(() -> owner(here)).isInstanceOf(NoUnitOfWorkException.class);
  }

  @Test
  void anUnknownTenant_there_isTheDefaultOne() throws SQLException {
    LookupKeyDataSource.TENANT.set("nobody");
    assertThat(owner(there)).isEqualTo(acmeUrl);
  }

  @Test
  void anUnknownTenant_here_isRefused() {
    assertThatThrownBy(() -> here.begin(TenantId.of("nobody")))
        .isInstanceOf(UnknownTenantException.class);
  }

  @Test
  void anotherTenantInsideATransaction_there_changesNothing() {
    LookupKeyDataSource.TENANT.set("acme");
    String owner =
        inTransaction(
            there,
            connection -> {
              LookupKeyDataSource.TENANT.set("globex");
              return owner(connection);
            });
    assertThat(owner).isEqualTo(acmeUrl);
  }

  @Test
  void anotherTenantInsideATransaction_here_isRefused() throws SQLException {
    here.call(
        ACME,
        work ->
            inTransaction(
                here,
                connection -> {
                  assertThatThrownBy(() -> here.begin(GLOBEX))
                      .isInstanceOf(TenantMismatchException.class);
                  return null;
                }));
  }

  private interface Step {
    String run(DataSource dataSource) throws SQLException;
  }

  /** Does a step in Spring's transaction, with Spring's view of its connection. */
  private static String inTransaction(DataSource dataSource, Step step) {
    return new TransactionTemplate(new JdbcTransactionManager(dataSource))
        .execute(
            status -> {
              try {
                return step.run(new TransactionAwareDataSourceProxy(dataSource));
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private static <T> T on(ExecutorService executor, Callable<T> task) throws Exception {
    try {
      return executor.submit(task).get();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  @Test
  void anotherThread_there_isOfTheDefaultTenant() throws Exception {
    LookupKeyDataSource.TENANT.set("globex");
    assertThat(on(executor, () -> owner(there))).isEqualTo(acmeUrl);
  }

  @Test
  void anotherThread_here_hasTheTenantIfItIsWrapped_andNoneOtherwise() throws Exception {
    try (UnitOfWork work = here.begin(GLOBEX)) {
      assertThat(work.tenant()).isEqualTo(GLOBEX);
      assertThat(on(here.wrap(executor), () -> owner(here))).isEqualTo(globexUrl);
      assertThatThrownBy(() -> on(executor, () -> owner(here)))
          .isInstanceOf(NoUnitOfWorkException.class);
    }
  }

  @Test
  void aKeyThatIsNotRemoved_there_isThatOfTheNextTask() throws Exception {
    on(
        executor,
        () -> {
          LookupKeyDataSource.TENANT.set("globex");
          return null;
        });
    assertThat(on(executor, () -> owner(there))).isEqualTo(globexUrl);
  }

  @Test
  void aTaskOfOneTenant_here_leavesNothingToTheNext() throws Exception {
    on(executor, () -> here.call(GLOBEX, work -> owner(here)));
    assertThatThrownBy(() -> on(executor, () -> owner(here)))
        .isInstanceOf(NoUnitOfWorkException.class);
  }

  @Test
  void aJob_beginsAndEndsByItself() throws SQLException {
    RoutingDataSource dataSource = here;
    // snippet
    String url = dataSource.call(TenantId.of("globex"), work -> owner(dataSource));
    // end of snippet
    assertThat(url).isEqualTo(globexUrl);
  }
}
