package dev.headgate.junit;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.UnitOptions;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Runs each test in a unit of work of a tenant that is rolled back at the end: what the code under
 * test commits is visible to the test, and stored for no one.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final UnitOfWorkExtension unit =
 *     UnitOfWorkExtension.of(dataSource, TenantId.of("acme"));
 * }</pre>
 *
 * <p>The unit is a {@linkplain UnitOptions#rehearsal() rehearsal}, which begins before the test's
 * own {@code @BeforeEach} methods and ends after its {@code @AfterEach} methods. A parameter of the
 * type {@link UnitOfWork} gets it.
 *
 * <p>It holds for the thread of the test: what other threads do is not part of it, be it a server
 * that is called over the network, a wrapped task, or a test with a timeout in a thread of its own.
 * What a database checks at COMMIT alone, such as deferred constraints, is not checked.
 *
 * <p>Safe for tests that run in parallel.
 */
public final class UnitOfWorkExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {

  private final Supplier<RoutingDataSource> dataSource;
  private final TenantId tenant;
  private final Namespace namespace = Namespace.create(new Object());

  private UnitOfWorkExtension(Supplier<RoutingDataSource> dataSource, TenantId tenant) {
    this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    this.tenant = Objects.requireNonNull(tenant, "tenant");
  }

  /** Returns an extension for tests with the data of a tenant. */
  public static UnitOfWorkExtension of(RoutingDataSource dataSource, TenantId tenant) {
    Objects.requireNonNull(dataSource, "dataSource");
    return of(() -> dataSource, tenant);
  }

  /**
   * Returns an extension for tests with the data of a tenant, on a data source that is there when
   * the first test begins.
   */
  public static UnitOfWorkExtension of(Supplier<RoutingDataSource> dataSource, TenantId tenant) {
    return new UnitOfWorkExtension(dataSource, tenant);
  }

  /**
   * Begins the unit of work.
   *
   * @throws IllegalStateException if there is one on this thread
   * @throws SQLException if it can't be begun
   */
  @Override
  public void beforeEach(ExtensionContext context) throws SQLException {
    UnitOfWork work =
        Objects.requireNonNull(dataSource.get(), "the supplier of the data source returned null")
            .begin(tenant, UnitOptions.defaults().rehearsal());
    context.getStore(namespace).put(UnitOfWork.class, work);
  }

  /**
   * Rolls the unit of work back.
   *
   * @throws SQLException if that fails; the connection was destroyed then, which rolls back too
   */
  @Override
  public void afterEach(ExtensionContext context) throws SQLException {
    UnitOfWork work = work(context);
    if (work != null) {
      work.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == UnitOfWork.class && work(context) != null;
  }

  @Override
  public @Nullable Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return work(context);
  }

  private @Nullable UnitOfWork work(ExtensionContext context) {
    return context.getStore(namespace).get(UnitOfWork.class, UnitOfWork.class);
  }
}
