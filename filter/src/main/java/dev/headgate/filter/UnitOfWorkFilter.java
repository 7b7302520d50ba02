package dev.headgate.filter;

import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectoryException;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.UnitOfWork;
import dev.headgate.datasource.UnitOptions;
import dev.headgate.datasource.UnknownTenantException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Makes each request a unit of work on its tenant's database: nothing to write in the servlet. It
 * is committed when the servlet has answered, and the client hears the answer after that; on an
 * exception, a status of 400 or above, or {@code setRollbackOnly()}, it is rolled back.
 *
 * <pre>{@code
 * RoutingDataSource dataSource = RoutingDataSource.builder(directory).build();
 * UnitOfWorkFilter filter =
 *     UnitOfWorkFilter.builder(dataSource, TenantResolver.subdomainOf("example.com")).build();
 * context.addFilter("unit-of-work", filter).addMappingForUrlPatterns(null, false, "/*");
 * }</pre>
 *
 * <p>In a {@code web.xml} the class is named with init-params; it then makes the data source
 * itself, and closes it when the application stops. Servlets get it by {@link
 * #dataSource(ServletContext)}.
 *
 * <p>Safe for use by many threads once it is initialized.
 */
public final class UnitOfWorkFilter implements Filter {

  private static final Logger log = LoggerFactory.getLogger(UnitOfWorkFilter.class);

  /** How much of a response is held until the unit of work is committed: 128 KiB. */
  private static final int HELD_BYTES = 128 * 1024;

  /** The request attribute with the unit of work that the request is in. */
  private static final String ACTIVE = UnitOfWorkFilter.class.getName() + ".active";

  /** The request attribute with the tenant, for an ERROR dispatch that follows. */
  private static final String TENANT = UnitOfWorkFilter.class.getName() + ".tenant";

  private static final String MDC_TENANT = "tenant";

  private @Nullable Setup setup;

  /** For a {@code web.xml}, whose init-params say the rest. */
  public UnitOfWorkFilter() {}

  private UnitOfWorkFilter(Setup setup) {
    this.setup = setup;
  }

  /** Starts the description of a filter for requests on this data source, of these tenants. */
  public static Builder builder(RoutingDataSource dataSource, TenantResolver resolver) {
    return new Builder(dataSource, resolver);
  }

  /**
   * Returns the data source of the filter in a web application, or of the {@link
   * RoutingDataSourceListener} there.
   *
   * @throws IllegalStateException if there is neither, or it was not initialized yet
   */
  public static RoutingDataSource dataSource(ServletContext context) {
    if (context.getAttribute(DataSourceParams.ATTRIBUTE) instanceof RoutingDataSource dataSource) {
      return dataSource;
    }
    throw new IllegalStateException(
        "there is no UnitOfWorkFilter in this web application, or it has not started yet");
  }

  @Override
  public void init(FilterConfig config) throws ServletException {
    boolean parameters = config.getInitParameterNames().hasMoreElements();
    Setup given = setup;
    if (given == null) {
      given = new WebXml(config).read();
      setup = given;
    } else if (parameters) {
      throw new ServletException(
          "filter %s: init-params are for a filter named by its class; this one has a builder"
              .formatted(config.getFilterName()));
    }
    config.getServletContext().setAttribute(DataSourceParams.ATTRIBUTE, given.dataSource());
    log.info("Requests are units of work; the tenant is {}", given.resolver());
  }

  @Override
  public void destroy() {
    Setup given = setup;
    if (given != null && given.ownsDataSource()) {
      given.dataSource().close();
    }
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Setup given = Objects.requireNonNull(setup, "init() was not called");
    if (request instanceof HttpServletRequest httpRequest
        && response instanceof HttpServletResponse httpResponse
        && request.getAttribute(ACTIVE) == null
        && !given.excluded().test(httpRequest)) {
      resolve(given, httpRequest, httpResponse, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  /** Finds the tenant and its database, or refuses the request. */
  private void resolve(
      Setup given, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    boolean isErrorPage = request.getDispatcherType() == DispatcherType.ERROR;
    HeldResponse held = new HeldResponse(response, HELD_BYTES);
    @Nullable UnitOfWork work;
    try {
      TenantId tenant =
          isErrorPage
              ? (TenantId) request.getAttribute(TENANT)
              : NullAnswer.refused(given.resolver().resolve(request), given.resolver())
                  .orElse(null);
      // With options, since it must not join what other code has left open on this thread: then
      // the client would hear OK, and nothing would be committed.
      work = tenant == null ? null : given.dataSource().begin(tenant, UnitOptions.defaults());
    } catch (InvalidTenantIdException e) {
      response.sendError(
          HttpServletResponse.SC_BAD_REQUEST, "The request names a malformed tenant");
      return;
    } catch (PathRefusedException e) {
      log.debug("The request is refused: {}", e.getMessage());
      response.sendError(HttpServletResponse.SC_NOT_FOUND, "There is no such path");
      return;
    } catch (UnknownTenantException e) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND, "There is no such tenant");
      return;
    } catch (TenantDirectoryException e) {
      log.error("The request can't be served", e);
      FailureAnswer.unavailable(given.retryAfter(), response);
      return;
    } catch (SQLException e) {
      throw new ServletException(e);
    }
    if (work != null) {
      String outerTenant = MDC.get(MDC_TENANT);
      MDC.put(MDC_TENANT, work.tenant().value());
      FilterChain behind = StrippedPath.behind(request, chain);
      try {
        run(given, work, request, held, response, behind);
      } finally {
        if (outerTenant == null) {
          MDC.remove(MDC_TENANT);
        } else {
          MDC.put(MDC_TENANT, outerTenant);
        }
        request.removeAttribute(ACTIVE);
      }
    } else if (isErrorPage) {
      chain.doFilter(request, response);
    } else {
      response.sendError(HttpServletResponse.SC_BAD_REQUEST, "The request names no tenant");
    }
  }

  /** The whole decision: what happens to the work, and what the client hears of it. */
  private void run(
      Setup given,
      UnitOfWork work,
      HttpServletRequest request,
      HeldResponse held,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    FailureAnswer answer = new FailureAnswer(given.retryAfter(), request, held, response);
    try (work) {
      request.setAttribute(TENANT, work.tenant());
      request.setAttribute(ACTIVE, work);
      chain.doFilter(new UnitRequest(request), held.forApplication());
      if (request.isAsyncStarted()) {
        throw new IllegalStateException("the request was made asynchronous behind the filter");
      }
      held.complete();
      boolean vetoed = given.rollBackOn().test(held.getStatus());
      boolean failed = held.getStatus() >= HttpServletResponse.SC_BAD_REQUEST;
      if (vetoed || (failed && work.isRollbackOnly())) {
        rollBack(work);
      } else {
        work.finish();
      }
    } catch (SQLException failure) {
      if (!answer.replaces(failure)) {
        throw new ServletException(failure);
      }
      return;
    } catch (IOException | ServletException | RuntimeException | Error failure) {
      if (!answer.replaces(failure)) {
        throw failure;
      }
      return;
    }
    held.release();
  }

  /** If this fails the connection is destroyed, which rolls back too: the answer stands. */
  private static void rollBack(UnitOfWork work) {
    try {
      work.close();
    } catch (SQLException | RuntimeException e) {
      log.warn("The rollback of a request of tenant {} failed", work.tenant(), e);
    }
  }

  /** Describes a filter. Not safe for use by several threads. */
  public static final class Builder {

    private final RoutingDataSource dataSource;
    private final TenantResolver resolver;
    private Predicate<HttpServletRequest> excluded = request -> false;
    private IntPredicate rollBackOn = status -> status >= HttpServletResponse.SC_BAD_REQUEST;
    private Duration retryAfter = Duration.ofSeconds(5);
    private boolean ownsDataSource;

    private Builder(RoutingDataSource dataSource, TenantResolver resolver) {
      this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
      this.resolver = Objects.requireNonNull(resolver, "resolver");
    }

    /**
     * Leaves out requests that need no tenant: they have no unit of work. May be called more than
     * once.
     *
     * @param patterns URL patterns as in a servlet mapping: {@code /health}, {@code /static/*},
     *     {@code *.css}
     * @throws IllegalArgumentException if a pattern has none of these forms
     */
    public Builder exclude(String... patterns) {
      for (String pattern : patterns) {
        exclude(new UrlPattern(pattern));
      }
      return this;
    }

    /** Leaves out requests that need no tenant: they have no unit of work. */
    public Builder exclude(Predicate<HttpServletRequest> requests) {
      excluded = excluded.or(Objects.requireNonNull(requests, "requests"));
      return this;
    }

    /**
     * Sets which answers roll the work back, in place of those from 400 up: an application that
     * keeps work with a 4xx says so here, or commits it itself.
     */
    public Builder rollBackOn(IntPredicate status) {
      this.rollBackOn = Objects.requireNonNull(status, "status");
      return this;
    }

    /**
     * Sets what {@code Retry-After} says, in whole seconds, if a database can't be reached; 5
     * seconds by default.
     *
     * @throws IllegalArgumentException if it is less than a second
     */
    public Builder retryAfter(Duration retryAfter) {
      if (retryAfter.compareTo(Duration.ofSeconds(1)) < 0) {
        throw new IllegalArgumentException(
            "retry after %s: it has to be at least one second".formatted(retryAfter));
      }
      this.retryAfter = retryAfter;
      return this;
    }

    /** Has the filter close the data source when it is destroyed. */
    Builder ownsDataSource() {
      this.ownsDataSource = true;
      return this;
    }

    Setup setup() {
      return new Setup(dataSource, ownsDataSource, resolver, excluded, rollBackOn, retryAfter);
    }

    /** Returns the filter as described so far. */
    public UnitOfWorkFilter build() {
      return new UnitOfWorkFilter(setup());
    }
  }
}
