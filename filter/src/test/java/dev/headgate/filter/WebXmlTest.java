package dev.headgate.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.pool.Database;
import dev.headgate.datasource.pool.PoolSettings;
import dev.headgate.faults.StubDatabase;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter by its class, as web.xml names it, with init-params. */
class WebXmlTest {

  private final StubDatabase stub = StubDatabase.create(UUID.randomUUID().toString());
  private final Web web = new Web();
  private final Map<String, String> params = new HashMap<>();
  private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();
  @TempDir private Path folder;

  @BeforeEach
  void minimum() throws IOException {
    Path tenants = folder.resolve("tenants.properties");
    Files.writeString(tenants, "acme.url = " + stub.url() + "\n");
    params.put("resolver", "header");
    params.put("resolver.header", "Tenant");
    params.put("directory", tenants.toString());
  }

  @AfterEach
  void close() {
    web.close();
    stub.close();
  }

  private void start() throws Exception {
    start((request, response) -> insert());
  }

  private void start(Web.Service service) throws Exception {
    FilterHolder holder = new FilterHolder(UnitOfWorkFilter.class);
    holder.setName("units");
    holder.setInitParameters(params);
    web.filter(holder).servlet("/*", service).start();
  }

  private RoutingDataSource dataSource() {
    return UnitOfWorkFilter.dataSource(web.context().getServletContext());
  }

  private void insert() throws SQLException {
    try (Connection connection = dataSource().getConnection()) {
      connection.createStatement().execute("INSERT a");
    }
  }

  private void assertStarts() throws Exception {
    start();
    assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(200);
    assertThat(stub.committed()).containsExactly("a");
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(this::start)
        .isInstanceOf(ServletException.class)
        .hasMessageContaining("filter units")
        .hasMessageContainingAll(parts);
    assertNoThreadLeft();
  }

  /** A thread ends a little after its executor. */
  private void assertNoThreadLeft() {
    await()
        .pollDelay(Duration.ZERO)
        .untilAsserted(() -> assertThat(threadsOfPools()).as("threads left").isEmpty());
  }

  private List<String> threadsOfPools() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && !threadsBefore.contains(thread))
        .map(Thread::getName)
        .filter(name -> name.startsWith("headgate-"))
        .toList();
  }

  @Test
  void theMinimumStarts() throws Exception {
    assertStarts();
    assertThat(web.get("/").status()).isEqualTo(400);
    assertThat(web.get("/", "Tenant: nobody").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"resolver", "resolver.header"})
  void aMissingOneIsNamed(String name) {
    params.remove(name);

    assertRefused("init-param " + name + " is missing");
  }

  /** Allows nobody. */
  public static final class NoAccess implements TenantAccess {
    @Override
    public boolean isAllowed(HttpServletRequest request, TenantId tenant) {
      return false;
    }
  }

  @Test
  void aRuleOfAccessIsAClass() throws Exception {
    params.put("access", NoAccess.class.getName());
    params.put("access.refused-status", "403");
    start();

    assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(403);
    assertThat(stub.committed()).isEmpty();
  }

  @Test
  void aRuleOfAccessIsTheSession() throws Exception {
    params.put("access.session-attribute", "tenant");
    params.put("exclude", "/login");
    web.servlet("/login", (request, response) -> request.getSession().setAttribute("tenant", "b"));
    params.put("access", "session");
    start();
    String cookie = web.get("/login").header("Set-Cookie").split(";", 2)[0];

    assertThat(web.get("/", "Tenant: acme", "Cookie: " + cookie).status()).isEqualTo(404);
    assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(200);
  }

  @Test
  void ofSeveralRulesAllCount() throws Exception {
    params.put("access", "session, " + NoAccess.class.getName());
    params.put("access.session-attribute", "tenant");
    start();

    assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "access, session, init-param access.session-attribute is missing",
    "access, nobody, init-param access: nobody: it has to be a class that implements",
    "access, 'session,', init-param access",
    "access.session-attribute, tenant, init-param access.session-attribute goes with access = session",
    "access.refused-status, 200, init-param access.refused-status: status 200",
    "access.refused-status, no, init-param access.refused-status: no: not a status",
  })
  void aMalformedRuleOfAccessIsNamed(String param, String value, String why) {
    params.put(param, value);

    assertRefused(why);
  }

  @Test
  void aMissingDirectoryIsNamed() {
    params.remove("directory");

    assertRefused("init-param directory: is missing; or give the one database as database.url");
  }

  @ParameterizedTest
  @ValueSource(strings = {"resolver", "resolver.header"})
  void anEmptyOneIsMissing(String name) {
    params.put(name, " ");

    assertRefused("init-param " + name + " is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"directory", "pools.maximum", "transactions"})
  void anEmptySettingIsNamed(String name) {
    params.put(name, " ");

    assertRefused("init-param " + name + ": is empty");
  }

  @Test
  void twoInitParamsAreEnoughForOneDatabase() throws Exception {
    params.clear();
    params.put("database.url", stub.url());
    params.put("database.user", "app");

    start();

    assertThat(web.get("/").status()).isEqualTo(200);
    assertThat(stub.committed()).containsExactly("a");
  }

  @Test
  void withOneDatabaseAFailureIsRolledBackAsEver() throws Exception {
    params.clear();
    params.put("database.url", stub.url());

    start(
        (request, response) -> {
          insert();
          response.sendError(409);
        });

    assertThat(web.get("/").status()).isEqualTo(409);
    assertThat(stub.committed()).isEmpty();
  }

  @Test
  void aResolverBesidesOneDatabaseIsRefused() {
    params.remove("directory");
    params.put("database.url", stub.url());

    assertRefused("init-param resolver", "nothing to resolve");
  }

  @Test
  void aUrlWithThePlaceOfTheTenantIsATemplate() throws Exception {
    String name = stub.url().substring("jdbc:stub:".length());
    String first = name.substring(0, name.indexOf('-'));
    params.remove("directory");
    params.put("database.url", stub.url().replace(first, "{tenant}"));

    start();

    assertThat(web.get("/", "Tenant: " + first).status()).isEqualTo(200);
    assertThat(stub.committed()).containsExactly("a");
  }

  @Test
  void transactionsNoneWorks() throws Exception {
    params.put("transactions", "none");

    start(
        (request, response) -> {
          insert();
          throw new IllegalStateException("after what was stored");
        });

    assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(500);
    assertThat(stub.committed()).containsExactly("a");
  }

  @Test
  void theDataSourceMayBeAnAttributeOfTheContext() throws Exception {
    try (RoutingDataSource given =
        RoutingDataSource.builder(TenantDirectory.of(Map.of("acme", Database.of(stub.url()))))
            .build()) {
      web.context().setAttribute("the.one", given);
      params.remove("directory");
      params.put("data-source", "the.one");

      assertStarts();

      assertThat(dataSource()).isSameAs(given);
      web.close();
      given.begin(TenantId.of("acme")).close();
    }
  }

  @Test
  void settingsBesidesAGivenDataSourceAreRefused() {
    params.put("data-source", "the.one");

    assertRefused("init-param data-source names one that has its settings already", "[directory]");
  }

  @Test
  void aDataSourceThatIsNowhereIsNamed() {
    params.remove("directory");
    params.put("data-source", "the.one");

    assertRefused(
        "init-param data-source: the.one is neither an attribute of the ServletContext nor in JNDI");
  }

  @Test
  void anotherKindOfDataSourceIsRefused() {
    web.context().setAttribute("the.one", "text");
    params.remove("directory");
    params.put("data-source", "the.one");

    assertRefused(
        "init-param data-source: the.one is a java.lang.String, where a RoutingDataSource is needed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Resolver", "resolver.domian", "pool.size", "", "retryAfter"})
  void anUnknownOneIsNamed(String name) {
    params.put(name, "5");

    assertRefused("init-param " + name + ": is unknown");
  }

  @ParameterizedTest
  @CsvSource({
    "resolver, cookie",
    "resolver, java.lang.String",
    "resolver, no.such.Class",
    "directory, no.such.Directory",
    "directory, java.lang.String",
    "directory, /no/such/file.properties",
    "exclude, health",
    "exclude, ''",
    "exclude, '/a,,/b'",
    "exclude.predicate, java.lang.String",
    "rollback.predicate, no.such.Class",
    "retry-after, 5",
    "retry-after, PT0.5S",
    "hold.bytes, 128k",
    "hold.bytes, 1023",
    "hold.whole-bytes, 131071",
    "hold.whole-bytes, much",
    "stream, events",
    "async.limit, 5m",
    "async.limit, PT0S",
    "auto-commit, yes",
    "pools.maximum, many",
    "pools.maximum, 0",
    "pools.idle-expiry, 10m",
    "pools.idle-expiry, PT0S",
    "pools.close-timeout, -PT1S",
  })
  void aMalformedOneIsNamed(String name, String value) {
    params.put(name, value);

    assertRefused("init-param " + name);
  }

  @ParameterizedTest
  @CsvSource({
    "maximum-size, 0, maximum size 0",
    "maximum-size, ten, maximum-size ten",
    "borrow-timeout, 3s, borrow-timeout 3s",
    "borrow-timeout, PT0.001S, borrow timeout PT0.001S",
    "idle-timeout, PT1S, idle timeout PT1S",
    "maximum-lifetime, PT1S, maximum lifetime PT1S",
    "reset, never, reset never",
  })
  void aMalformedPoolSettingIsNamed(String setting, String value, String named) {
    params.put("pool." + setting, value);

    assertRefused("pool.", named);
  }

  @Test
  void aPropertiesFileThatIsWrongIsNamedWithItsKey() throws Exception {
    Files.writeString(folder.resolve("tenants.properties"), "acme.user = app\n");

    assertRefused("init-param directory", "tenants.properties", "acme.url");
  }

  @ParameterizedTest
  @CsvSource({"resolver.domain, header", "resolver.header, subdomain"})
  void aParameterOfAnotherResolverIsRefused(String name, String resolver) {
    params.put("resolver", resolver);
    params.put("resolver.domain", "localhost");
    params.put("resolver.header", "Tenant");

    assertRefused("init-param " + name);
  }

  @Test
  void aClassWhoseConstructorFailsIsNamedWithTheReason() {
    params.put("exclude.predicate", Failing.class.getName());

    assertRefused("init-param exclude.predicate", Failing.class.getName(), "no configuration");
  }

  @Test
  void theSubdomainResolverWorks() throws Exception {
    params.remove("resolver.header");
    params.put("resolver", "subdomain");
    params.put("resolver.domain", "example.com");
    start();

    assertThat(web.get("/", "Host: acme.example.com").status()).isEqualTo(200);
    assertThat(web.get("/", "Host: example.com").status()).isEqualTo(400);
  }

  @Test
  void aResolverClassWorks() throws Exception {
    params.remove("resolver.header");
    params.put("resolver", ByParameter.class.getName());
    start();

    assertThat(web.get("/?tenant=acme").status()).isEqualTo(200);
    assertThat(stub.committed()).containsExactly("a");
  }

  @Test
  void aDirectoryClassWorks() throws Exception {
    params.put("directory", Everywhere.class.getName());
    start(
        (request, response) -> response.getWriter().print(dataSource().current().database().url()));

    assertThat(web.get("/", "Tenant: acme").text()).isEqualTo("jdbc:stub:of-acme");
  }

  @Test
  void aPropertiesFileInsideTheApplicationWorks() throws Exception {
    web.context().setBaseResourceAsPath(folder);
    params.put("directory", "/tenants.properties");

    assertStarts();
  }

  @Test
  void excludeWorks() throws Exception {
    params.put("exclude", "/health, /static/* ,*.css");
    start((request, response) -> {});

    assertThat(web.get("/health").status()).isEqualTo(200);
    assertThat(web.get("/static/a").status()).isEqualTo(200);
    assertThat(web.get("/a.css").status()).isEqualTo(200);
    assertThat(web.get("/a").status()).isEqualTo(400);
  }

  @Test
  void excludePredicateWorksBesidesExclude() throws Exception {
    params.put("exclude", "/health");
    params.put("exclude.predicate", Probes.class.getName());
    start((request, response) -> {});

    assertThat(web.get("/health").status()).isEqualTo(200);
    assertThat(web.get("/a", "Probe: 1").status()).isEqualTo(200);
    assertThat(web.get("/a").status()).isEqualTo(400);
  }

  @Test
  void rollbackPredicateWorks() throws Exception {
    params.put("rollback.predicate", Only202.class.getName());
    start(
        (request, response) -> {
          insert();
          response.setStatus(Integer.parseInt(request.getParameter("status")));
        });

    assertThat(web.get("/?status=202", "Tenant: acme").status()).isEqualTo(202);
    assertThat(stub.committed()).isEmpty();
    assertThat(web.get("/?status=404", "Tenant: acme").status()).isEqualTo(404);
    assertThat(stub.committed()).containsExactly("a");
  }

  @Test
  void retryAfterWorks() throws Exception {
    params.put("retry-after", "PT2M");
    params.put("pool.borrow-timeout", "PT0.25S");
    start();
    stub.close();

    Answer answer = web.get("/", "Tenant: acme");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("120");
  }

  @Test
  void holdBytesWork() throws Exception {
    params.put("hold.bytes", "2048");
    params.put("hold.whole-bytes", "4096");
    start(
        (request, response) -> {
          response.getOutputStream().write(new byte[2048]);
          boolean held = !response.isCommitted();
          response.getOutputStream().write(new byte[3000]);
          assertThat(held && response.isCommitted()).isTrue();
        });

    assertThat(web.get("/", "Tenant: acme").body()).hasSize(5048);
    try (Wire wire = Wire.raw(web.port(), "GET / HTTP/1.0\r\nTenant: acme\r\n\r\n")) {
      assertThat(wire.answer().status()).isEqualTo(500);
    }
  }

  @Test
  void streamWorks() throws Exception {
    params.put("stream", "/export/*, *.csv");
    CountDownLatch heard = new CountDownLatch(1);
    start(
        (request, response) -> {
          response.getWriter().print("first");
          response.flushBuffer();
          try {
            assertThat(heard.await(10, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });

    try (Wire wire = Wire.send(web.port(), "GET", "/export/all", "Tenant: acme")) {
      wire.until("first");
      heard.countDown();
      wire.until("0\r\n\r\n");
    }
  }

  @Test
  void asyncLimitWorks() throws Exception {
    params.put("async.limit", "PT2S");
    start(
        (request, response) -> {
          var async = request.startAsync();
          async.setTimeout(0);
          response.getWriter().print(async.getTimeout() <= 2000);
          async.complete();
        });

    assertThat(web.get("/", "Tenant: acme").text()).isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource({"true, true", "false, false", ", true"})
  void autoCommitWorks(String value, boolean expected) throws Exception {
    if (value != null) {
      params.put("auto-commit", value);
    }
    start(
        (request, response) -> {
          try (Connection connection = dataSource().getConnection()) {
            response.getWriter().print(connection.getAutoCommit());
          }
        });

    assertThat(web.get("/", "Tenant: acme").text()).isEqualTo(Boolean.toString(expected));
  }

  @Test
  void poolsMaximumWorks() throws Exception {
    params.put("directory", Everywhere.class.getName());
    params.put("pools.maximum", "2");
    start(
        (request, response) -> {
          try (Connection connection = dataSource().getConnection()) {
            response.getWriter().print(connection.isClosed());
          }
        });

    try (StubDatabase a = StubDatabase.create("of-a");
        StubDatabase b = StubDatabase.create("of-b");
        StubDatabase c = StubDatabase.create("of-c")) {
      assertThat(List.of(a.url(), b.url(), c.url())).hasSize(3);
      for (String tenant : List.of("a", "b", "c")) {
        assertThat(web.get("/", "Tenant: " + tenant).status()).isEqualTo(200);
      }
      assertThat(dataSource().snapshot().pools()).hasSize(2);
      assertThat(dataSource().snapshot().totals().evicted()).isEqualTo(1);
    }
  }

  @Test
  void poolsIdleExpiryWorks() throws Exception {
    params.put("pools.idle-expiry", "PT0.05S");
    assertStarts();

    await()
        .untilAsserted(() -> assertThat(dataSource().snapshot().totals().expired()).isEqualTo(1));
  }

  @Test
  void poolsCloseTimeoutWorks() throws Exception {
    params.put("pools.close-timeout", "PT0.05S");
    start();
    RoutingDataSource dataSource = dataSource();
    Connection held = dataSource.forTenant(TenantId.of("acme")).getConnection();
    assertThat(held.isClosed()).isFalse();

    long start = System.nanoTime();
    web.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(9));
    // What is closed by force may hang, so that no one waits for it.
    await().untilAsserted(() -> assertThat(stub.openConnections()).isZero());
  }

  @Test
  void poolMaximumSizeAndBorrowTimeoutWork() throws Exception {
    params.put("pool.maximum-size", "1");
    params.put("pool.borrow-timeout", "PT0.25S");
    start();

    try (Connection held = dataSource().forTenant(TenantId.of("acme")).getConnection()) {
      assertThat(held.isClosed()).isFalse();
      assertThat(web.get("/", "Tenant: acme").status()).isEqualTo(503);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyPoolSettingIsAnInitParam(PoolSetting setting) throws Exception {
    params.put("pool." + setting.key, setting.value);

    assertStarts();

    assertThat(PoolSettings.defaults().with(Map.of(setting.key, setting.value)))
        .isNotEqualTo(PoolSettings.defaults());
  }

  enum PoolSetting {
    MAXIMUM_SIZE("maximum-size", "7"),
    BORROW_TIMEOUT("borrow-timeout", "PT7S"),
    IDLE_TIMEOUT("idle-timeout", "PT17S"),
    MAXIMUM_LIFETIME("maximum-lifetime", "PT70M"),
    RESET("reset", "always");

    private final String key;
    private final String value;

    PoolSetting(String key, String value) {
      this.key = key;
      this.value = value;
    }
  }

  @Test
  void idleTimeoutAndMaximumLifetimeArriveAtThePool() {
    // They are only seen by their bound to each other.
    params.put("pool.idle-timeout", "PT2M");
    params.put("pool.maximum-lifetime", "PT1M");

    assertRefused("pool.", "idle timeout PT2M", "maximum lifetime PT1M");
  }

  @Test
  void theDataSourceIsClosedWithTheApplication() throws Exception {
    assertStarts();
    assertThat(stub.openConnections()).isEqualTo(1);

    web.close();

    assertThat(stub.openConnections()).isZero();
    assertNoThreadLeft();
  }

  @Test
  void aFilterOfABuilderTakesNoInitParams() throws Exception {
    try (RoutingDataSource dataSource =
        RoutingDataSource.builder(tenant -> Optional.empty()).build()) {
      FilterHolder holder =
          new FilterHolder(
              UnitOfWorkFilter.builder(dataSource, TenantResolver.header("Tenant")).build());
      holder.setName("built");
      holder.setInitParameter("retry-after", "PT5S");
      web.filter(holder);

      assertThatThrownBy(web::start)
          .isInstanceOf(ServletException.class)
          .hasMessageContaining("filter built")
          .hasMessageContaining("builder");
    }
  }

  @Test
  void withoutAFilterThereIsNoDataSource() throws Exception {
    web.start();

    assertThatThrownBy(this::dataSource)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no UnitOfWorkFilter");
  }

  /** A resolver that web.xml can name. */
  public static final class ByParameter implements TenantResolver {
    @Override
    public Optional<TenantId> resolve(HttpServletRequest request) {
      return Optional.ofNullable(request.getParameter("tenant")).map(TenantId::of);
    }
  }

  /** A directory that web.xml can name. */
  public static final class Everywhere implements TenantDirectory {
    @Override
    public Optional<Database> find(TenantId tenant) {
      return Optional.of(Database.of("jdbc:stub:of-" + tenant));
    }
  }

  /** A predicate that web.xml can name. */
  public static final class Probes implements Predicate<HttpServletRequest> {
    @Override
    public boolean test(HttpServletRequest request) {
      return request.getHeader("Probe") != null;
    }
  }

  /** A predicate that web.xml can name. */
  public static final class Only202 implements IntPredicate {
    @Override
    public boolean test(int status) {
      return status == 202;
    }
  }

  /** A predicate that can't be made. */
  public static final class Failing implements Predicate<HttpServletRequest> {

    /** Fails. */
    public Failing() {
      throw new IllegalStateException("no configuration");
    }

    @Override
    public boolean test(HttpServletRequest request) {
      return false;
    }
  }
}
