package dev.headgate.filter;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantDirectory;
import dev.headgate.datasource.pool.PoolSettings;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the set-up of a filter from its init-params. What is wrong stops the start and is named.
 */
final class WebXml {

  private static final String POOL = "pool.";

  private final FilterConfig config;
  private final Map<InitParam, String> values = new EnumMap<>(InitParam.class);

  WebXml(FilterConfig config) {
    this.config = config;
  }

  Setup read() throws ServletException {
    Enumeration<String> names = config.getInitParameterNames();
    while (names.hasMoreElements()) {
      String name = names.nextElement();
      InitParam param =
          InitParam.named(name).orElseThrow(() -> refused("init-param " + name + " is unknown"));
      String value = config.getInitParameter(name);
      values.put(param, value == null ? "" : value.trim());
    }
    TenantResolver resolver = resolver();
    RoutingDataSource dataSource = dataSource();
    try {
      return setup(UnitOfWorkFilter.builder(dataSource, resolver).ownsDataSource());
    } catch (ServletException | RuntimeException | Error e) {
      dataSource.close();
      throw e;
    }
  }

  private Setup setup(UnitOfWorkFilter.Builder builder) throws ServletException {
    given(
        InitParam.EXCLUDE,
        value -> {
          for (String pattern : value.split(",", -1)) {
            builder.exclude(pattern.trim());
          }
        });
    given(InitParam.EXCLUDE_PREDICATE, value -> builder.exclude(requests(value)));
    given(
        InitParam.ROLLBACK_PREDICATE,
        value -> builder.rollBackOn(instance(value, IntPredicate.class)));
    given(InitParam.RETRY_AFTER, value -> builder.retryAfter(duration(value)));
    return builder.setup();
  }

  private TenantResolver resolver() throws ServletException {
    try {
      return new ResolverParams(values).resolver();
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage(), e);
    }
  }

  private RoutingDataSource dataSource() throws ServletException {
    RoutingDataSource.Builder builder = RoutingDataSource.builder(directory());
    Map<String, String> pool = new HashMap<>();
    values.forEach(
        (param, value) -> {
          if (param.key().startsWith(POOL)) {
            pool.put(param.key().substring(POOL.length()), value);
          }
        });
    try {
      builder.pool(PoolSettings.defaults().with(pool));
    } catch (IllegalArgumentException e) {
      throw refused("init-params pool.*: " + e.getMessage(), e);
    }
    given(InitParam.POOLS_MAXIMUM, value -> builder.maximumPools(Integer.parseInt(value)));
    given(InitParam.POOLS_IDLE_EXPIRY, value -> builder.idleExpiry(duration(value)));
    given(InitParam.POOLS_CLOSE_TIMEOUT, value -> builder.closeTimeout(duration(value)));
    given(InitParam.AUTO_COMMIT, value -> builder.autoCommit(bool(value)));
    return builder.build();
  }

  private TenantDirectory directory() throws ServletException {
    String value = required(InitParam.DIRECTORY);
    if (!value.toLowerCase(Locale.ROOT).endsWith(".properties")) {
      return parsed(InitParam.DIRECTORY, () -> instance(value, TenantDirectory.class));
    }
    return parsed(
        InitParam.DIRECTORY,
        () -> {
          try {
            return TenantDirectory.properties(file(value));
          } catch (IOException e) {
            throw new IllegalArgumentException("can't be read: " + e, e);
          }
        });
  }

  /** Returns a file of the web application, or of the file system where there is no such one. */
  private Path file(String name) {
    ServletContext context = config.getServletContext();
    String inside = name.startsWith("/") ? context.getRealPath(name) : null;
    return Path.of(inside != null && Path.of(inside).toFile().exists() ? inside : name);
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

  private static boolean bool(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("%s: neither true nor false".formatted(value));
    };
  }

  private String required(InitParam param) throws ServletException {
    String value = values.get(param);
    if (value == null || value.isEmpty()) {
      throw refused("init-param " + param.key() + " is missing");
    }
    return value;
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
