package dev.headgate.filter;

import dev.headgate.datasource.RoutingDataSource;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the set-up of a filter from its init-params. What is wrong stops the start and is named.
 */
final class WebXml {

  /** The rule that the session is of the same tenant. */
  private static final String SESSION = "session";

  private final FilterConfig config;
  private final Map<InitParam, String> values = new EnumMap<>(InitParam.class);

  /** What is for the data source. */
  private final Map<String, String> settings = new TreeMap<>();

  WebXml(FilterConfig config) {
    this.config = config;
  }

  Setup read() throws ServletException {
    Enumeration<String> names = config.getInitParameterNames();
    while (names.hasMoreElements()) {
      String name = names.nextElement();
      String value = String.valueOf(config.getInitParameter(name)).trim();
      InitParam.named(name)
          .ifPresentOrElse(param -> values.put(param, value), () -> settings.put(name, value));
    }
    Optional<RoutingDataSource> given = givenDataSource();
    if (given.isPresent()) {
      return setup(UnitOfWorkFilter.builder(given.get(), resolver(given.get())));
    }
    RoutingDataSource own = ownDataSource();
    try {
      return setup(UnitOfWorkFilter.builder(own, resolver(own)).ownsDataSource());
    } catch (ServletException | RuntimeException | Error e) {
      own.close();
      throw e;
    }
  }

  private Setup setup(UnitOfWorkFilter.Builder builder) throws ServletException {
    given(InitParam.ACCESS, value -> accesses(value).forEach(builder::access));
    if (values.containsKey(InitParam.ACCESS_SESSION_ATTRIBUTE) && !asksSession()) {
      throw refused("init-param access.session-attribute goes with access = session");
    }
    given(InitParam.ACCESS_REFUSED_STATUS, value -> builder.refuseWith(status(value)));
    given(InitParam.EXCLUDE, value -> patterns(value).forEach(builder::exclude));
    given(InitParam.EXCLUDE_PREDICATE, value -> builder.exclude(requests(value)));
    given(
        InitParam.ROLLBACK_PREDICATE,
        value -> builder.rollBackOn(instance(value, IntPredicate.class)));
    given(InitParam.RETRY_AFTER, value -> builder.retryAfter(duration(value)));
    given(
        InitParam.HOLD_BYTES,
        value -> {
          int bytes = number(value);
          builder.hold(bytes, Math.max(bytes, HeldLimits.DEFAULTS.whole()));
        });
    given(
        InitParam.HOLD_WHOLE_BYTES,
        value -> {
          String held = values.get(InitParam.HOLD_BYTES);
          builder.hold(held == null ? HeldLimits.DEFAULTS.held() : number(held), number(value));
        });
    given(InitParam.STREAM, value -> patterns(value).forEach(builder::stream));
    given(InitParam.ASYNC_LIMIT, value -> builder.asyncLimit(duration(value)));
    return builder.setup();
  }

  private List<TenantAccess> accesses(String value) {
    return rules(value).map(this::access).toList();
  }

  private static Stream<String> rules(String value) {
    return Arrays.stream(value.split(",", -1)).map(String::trim);
  }

  private boolean asksSession() {
    return rules(values.getOrDefault(InitParam.ACCESS, "")).anyMatch(SESSION::equals);
  }

  private TenantAccess access(String rule) {
    if (!rule.equals(SESSION)) {
      return instance(rule, TenantAccess.class);
    }
    String attribute = values.get(InitParam.ACCESS_SESSION_ATTRIBUTE);
    if (attribute == null || attribute.isEmpty()) {
      throw new IllegalArgumentException("init-param access.session-attribute is missing");
    }
    return TenantAccess.sameAs(TenantResolver.sessionAttribute(attribute));
  }

  private static int status(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("%s: not a status".formatted(value), e);
    }
  }

  private static List<UrlPattern> patterns(String value) {
    return Arrays.stream(value.split(",", -1)).map(String::trim).map(UrlPattern::new).toList();
  }

  private static int number(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("%s: not a number of bytes".formatted(value), e);
    }
  }

  private TenantResolver resolver(RoutingDataSource dataSource) throws ServletException {
    try {
      return dataSource
          .onlyTenant()
          .map(new ResolverParams(values)::fixed)
          .orElseGet(new ResolverParams(values)::resolver);
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()), e);
    }
  }

  /** Returns the data source that is there already, if one is meant. */
  private Optional<RoutingDataSource> givenDataSource() throws ServletException {
    String name = values.get(InitParam.DATA_SOURCE);
    ServletContext context = config.getServletContext();
    if (name == null) {
      boolean published = context.getAttribute(DataSourceParams.ATTRIBUTE) != null;
      if (!published || !settings.isEmpty()) {
        return Optional.empty();
      }
      name = DataSourceParams.ATTRIBUTE;
    } else if (!settings.isEmpty()) {
      throw refused(
          "init-param data-source names one that has its settings already, so that there can't be %s"
              .formatted(settings.keySet()));
    }
    String given = name;
    return Optional.of(
        parsed(InitParam.DATA_SOURCE, () -> new DataSourceParams(context).find(given)));
  }

  private RoutingDataSource ownDataSource() throws ServletException {
    try {
      return new DataSourceParams(config.getServletContext()).make(settings);
    } catch (IllegalArgumentException e) {
      throw refused("init-param " + e.getMessage(), e);
    }
  }

  @SuppressWarnings("unchecked")
  private static Predicate<HttpServletRequest> requests(String name) {
    return instance(name, Predicate.class);
  }

  /**
   * Makes an object of a class of the application.
   *
   * @throws IllegalArgumentException if there is no such class, or it can't be made
   */
  static <T> T instance(String name, Class<T> type) {
    try {
      ClassLoader loader = Thread.currentThread().getContextClassLoader();
      return Class.forName(name, true, loader)
          .asSubclass(type)
          .getDeclaredConstructor()
          .newInstance();
    } catch (InvocationTargetException | LinkageError e) {
      Throwable why = e instanceof LinkageError ? e : e.getCause();
      throw new IllegalArgumentException("%s: it can't be made: %s".formatted(name, why), e);
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new IllegalArgumentException(
          "%s: it has to be a class that implements %s and has a public constructor without parameters"
              .formatted(name, type.getName()),
          e);
    }
  }

  private static Duration duration(String value) {
    try {
      return Duration.parse(value);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s: not a duration as in ISO 8601, such as PT3S".formatted(value), e);
    }
  }

  private void given(InitParam param, Consumer<String> use) throws ServletException {
    String value = values.get(param);
    if (value != null) {
      parsed(
          param,
          () -> {
            use.accept(value);
            return value;
          });
    }
  }

  @FunctionalInterface
  private interface Parsing<T> {
    T parse() throws ServletException;
  }

  private <T> T parsed(InitParam param, Parsing<T> parsing) throws ServletException {
    try {
      return parsing.parse();
    } catch (IllegalArgumentException e) {
      throw refused("init-param %s: %s".formatted(param.key(), e.getMessage()), e);
    }
  }

  private ServletException refused(String why) {
    return refused(why, null);
  }

  private ServletException refused(String why, @Nullable Throwable cause) {
    return new ServletException("filter %s: %s".formatted(config.getFilterName(), why), cause);
  }
}
