package dev.headgate.filter;

import dev.headgate.datasource.InvalidTenantIdException;
import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectoryException;
import dev.headgate.datasource.TenantId;
import dev.headgate.datasource.TenantSuspendedException;
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
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final SparseLog sparse = new SparseLog(log, System::nanoTime);

  /**
   * The request attribute with the {@link dev.headgate.datasource.Outcome} of the request's unit of
   * work, for access logs and filters in front of this one; it is set before the answer is sent,
   * and absent if nothing was sent to a database.
   */
  public static final String OUTCOME = "dev.headgate.outcome";

  /**
   * The request attribute that an application sets to {@code Boolean.TRUE} to have its answer
   * streamed: from then on, a flush commits what was done so far, and sends what was written.
   */
  public static final String STREAM = "dev.headgate.stream";

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
    setup = given.at(AsyncMapping.require(config));
    config.getServletContext().setAttribute(DataSourceParams.ATTRIBUTE, given.dataSource());
    log.info("Requests are units of work; the tenant is {}{}", given.resolver(), given.access());
  }

  @Override
  public void destroy() {
    Setup given = setup;
    if (given != null) {
      given.asyncLimit().close();
      if (given.ownsDataSource()) {
        given.dataSource().close();
      }
    }
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Setup given = Objects.requireNonNull(setup, "init() was not called");
    if (!(request instanceof HttpServletRequest httpRequest)
        || !(response instanceof HttpServletResponse httpResponse)) {
      chain.doFilter(request, response);
      return;
    }
    Exchange last = Exchange.of(request);
    Exchange active = last == null || last.isOver() ? null : last;
    DispatcherType type = request.getDispatcherType();
    if (type == DispatcherType.ERROR && last != null && (active == null || !active.isErrorPage())) {
      last.abandonTo(httpResponse);
      enter(given, last, httpRequest, httpResponse, chain);
    } else if (active == null) {
      enter(given, null, httpRequest, httpResponse, chain);
    } else if (type == DispatcherType.ASYNC && !active.isInside()) {
      active.resume(httpRequest, httpResponse, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  private static void enter(
      Setup given,
      @Nullable Exchange failed,
      HttpServletRequest request,
      HttpServletResponse response,
      FilterChain chain)
      throws IOException, ServletException {
    boolean errorPage = request.getDispatcherType() == DispatcherType.ERROR;
    if (given.excluded().test(request) || (errorPage && failed == null)) {
      chain.doFilter(request, response);
      return;
    }
    Exchange exchange = resolve(given, failed, request, response);
    if (exchange != null) {
      exchange.begin(chain);
    }
  }

  /**
   * Finds the tenant and its database; returns null if the request was refused. An error page has
   * those of the exchange that has failed.
   */
  private static @Nullable Exchange resolve(
      Setup given,
      @Nullable Exchange failed,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, ServletException {
    try {
      Optional<TenantId> tenant =
          failed != null
              ? Optional.of(failed.tenant())
              : NullAnswer.refused(given.resolver().resolve(request), given.resolver());
      if (tenant.isPresent()) {
        if (failed == null) {
          given.access().require(request, tenant.get());
        }
        return new Exchange(given, tenant.get(), failed, request, response);
      }
      response.sendError(HttpServletResponse.SC_BAD_REQUEST, "The request names no tenant");
    } catch (InvalidTenantIdException e) {
      response.sendError(
          HttpServletResponse.SC_BAD_REQUEST, "The request names a malformed tenant");
    } catch (PathRefusedException e) {
      log.debug("The request is refused: {}", e.getMessage());
      response.sendError(HttpServletResponse.SC_NOT_FOUND, "There is no such path");
    } catch (UnknownTenantException e) {
      Access.answerUnknown(response);
    } catch (TenantRefusedException e) {
      log.debug("The request is refused: {}", e.getMessage());
      given.access().answerRefused(response);
    } catch (TenantSuspendedException e) {
      log.debug("The request is refused: {}", e.getMessage());
      FailureAnswer.suspended(given.retryAfter(), response);
    } catch (TenantDirectoryException e) {
      sparse.warn(e);
      FailureAnswer.unavailable(given.retryAfter(), response);
    } catch (SQLException e) {
      throw new ServletException(e);
    }
    return null;
  }

  /** Describes a filter. Not safe for use by several threads. */
  public static final class Builder {

    static final Duration RETRY_AFTER = Duration.ofSeconds(5);
    static final Duration ASYNC_LIMIT = Duration.ofMinutes(5);

    private final RoutingDataSource dataSource;
    private final TenantResolver resolver;
    private Access access = Access.ALL;
    private Predicate<HttpServletRequest> excluded = request -> false;
    private IntPredicate rollBackOn = status -> status >= HttpServletResponse.SC_BAD_REQUEST;
    private Duration retryAfter = RETRY_AFTER;
    private HeldLimits limits = HeldLimits.DEFAULTS;
    private Predicate<HttpServletRequest> streamed = request -> false;
    private Duration asyncLimit = ASYNC_LIMIT;
    private boolean ownsDataSource;

    private Builder(RoutingDataSource dataSource, TenantResolver resolver) {
      this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
      this.resolver = Objects.requireNonNull(resolver, "resolver");
    }

    /**
     * Asks whether a request may have the tenant that it names. May be called more than once: all
     * rules have to allow it.
     */
    public Builder access(TenantAccess rule) {
      access = access.and(Objects.requireNonNull(rule, "rule"));
      return this;
    }

    /**
     * Sets the answer to who may not have the tenant that was named; 404 by default, as for an
     * unknown one.
     *
     * @throws IllegalArgumentException if it is neither 404 nor 403
     */
    public Builder refuseWith(int status) {
      access = new Access(access.rules(), status);
      return this;
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

    /**
     * Sets how many bytes of an answer are held until the unit of work is committed; 128 KiB by
     * default. When there are more, what was done so far is committed, and what was written so far
     * is sent; so it goes on, always in this order, and a client sees the answer cut off if a later
     * commit fails.
     *
     * <p>That needs a Content-Length, chunks or HTTP/2. Without them the client would take the rest
     * for the whole: then up to the second number is held, 8 MiB by default, and more is refused.
     *
     * @param bytes how many are held
     * @param whole how many where the answer can't be sent in parts
     * @throws IllegalArgumentException if the first is less than 1024 or more than the second
     */
    public Builder hold(int bytes, int whole) {
      limits = new HeldLimits(bytes, whole);
      return this;
    }

    /**
     * Names requests whose answers are streamed: each flush commits what was done so far, and sends
     * what was written. For {@code text/event-stream} this is so anyway, and where the application
     * sets the request attribute {@link UnitOfWorkFilter#STREAM}. May be called more than once.
     */
    public Builder stream(Predicate<HttpServletRequest> requests) {
      streamed = streamed.or(Objects.requireNonNull(requests, "requests"));
      return this;
    }

    /**
     * Sets how long a request may be asynchronous, in all its phases together; 5 minutes by
     * default. Timeouts that the application sets are shortened to what is left of it, and none is
     * without an end. Then it times out as ever.
     *
     * @throws IllegalArgumentException if it is less than a millisecond or more than 365 days
     */
    public Builder asyncLimit(Duration limit) {
      if (limit.compareTo(Duration.ofMillis(1)) < 0 || limit.compareTo(Duration.ofDays(365)) > 0) {
        throw new IllegalArgumentException(
            "async limit %s: it has to be from one millisecond to 365 days".formatted(limit));
      }
      asyncLimit = limit;
      return this;
    }

    /** Has the filter close the data source when it is destroyed. */
    Builder ownsDataSource() {
      this.ownsDataSource = true;
      return this;
    }

    Setup setup() {
      return new Setup(
          dataSource,
          ownsDataSource,
          resolver,
          access,
          excluded,
          rollBackOn,
          retryAfter,
          limits,
          streamed,
          new AsyncLimit(asyncLimit),
          FilterPaths.ALL);
    }

    /** Returns the filter as described so far. */
    public UnitOfWorkFilter build() {
      return new UnitOfWorkFilter(setup());
    }
  }
}
