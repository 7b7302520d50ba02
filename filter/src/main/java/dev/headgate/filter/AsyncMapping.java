package dev.headgate.filter;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the container calls the filter for ASYNC dispatches, too, without which what such a
 * dispatch answers would not wait for the unit of work. The servlet API does not tell. Jetty and
 * Tomcat do, each in its own way; elsewhere it is not seen.
 */
final class AsyncMapping {

  private static final Logger log = LoggerFactory.getLogger(AsyncMapping.class);

  private AsyncMapping() {}

  /**
   * Returns the paths at which the container calls the filter for ASYNC dispatches.
   *
   * @throws ServletException if requests can be made asynchronous behind it, and there are none
   */
  static FilterPaths require(FilterConfig config) throws ServletException {
    String name = config.getFilterName();
    List<Object> mappings;
    try {
      mappings = mappings(config.getServletContext(), name);
      if (mappings == null) {
        return FilterPaths.of(config);
      }
      if (!mappings.isEmpty()) {
        return paths(mappings);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("The container does not tell how filter {} is mapped", name, e);
      return FilterPaths.of(config);
    }
    throw new ServletException(
        "filter %s: it is async-supported but not mapped for ASYNC dispatches, so that their answers would not wait for COMMIT: map it for REQUEST, ASYNC and ERROR"
            .formatted(name));
  }

  /** A request can't be made asynchronous, which may be for want of the filter's permission. */
  static IllegalStateException notSupported(IllegalStateException cause) {
    return new IllegalStateException(
        "startAsync(): the servlet, the UnitOfWorkFilter or another filter is not async-supported. This one needs it, and mappings for REQUEST, ASYNC and ERROR",
        cause);
  }

  /**
   * Returns the mappings for ASYNC dispatches, or null where they don't matter or can't be told.
   */
  private static @Nullable List<Object> mappings(ServletContext context, String name)
      throws ReflectiveOperationException {
    String type = context.getClass().getName();
    if (type.startsWith("org.eclipse.jetty.")) {
      return mappingsInJetty(context, name);
    }
    return type.startsWith("org.apache.catalina.") ? mappingsInTomcat(context, name) : null;
  }

  private static @Nullable List<Object> mappingsInJetty(ServletContext context, String name)
      throws ReflectiveOperationException {
    Class<?> handlers = context.getClass();
    while (!handlers.getName().endsWith(".ServletContextHandler$ServletContextApi")) {
      handlers = handlers.getSuperclass();
    }
    Object handler =
        handlers
            .getEnclosingClass()
            .getMethod("getServletContextHandler", ServletContext.class)
            .invoke(null, context);
    Object servlets = call(handler, "getServletHandler");
    Object filter = servlets.getClass().getMethod("getFilter", String.class).invoke(servlets, name);
    if (filter == null || !(boolean) call(filter, "isAsyncSupported")) {
      return null;
    }
    return those(
        call(servlets, "getFilterMappings"),
        name,
        mapping ->
            (boolean)
                mapping
                    .getClass()
                    .getMethod("appliesTo", DispatcherType.class)
                    .invoke(mapping, DispatcherType.ASYNC));
  }

  private static @Nullable List<Object> mappingsInTomcat(ServletContext context, String name)
      throws ReflectiveOperationException {
    Object standard = field(field(context, "context"), "context");
    Object filter =
        standard.getClass().getMethod("findFilterDef", String.class).invoke(standard, name);
    if (filter == null || !"true".equals(call(filter, "getAsyncSupported"))) {
      return null;
    }
    return those(
        call(standard, "findFilterMaps"),
        name,
        mapping -> {
          int types = (int) call(mapping, "getDispatcherMapping");
          return (types & mapping.getClass().getField("ASYNC").getInt(null)) != 0;
        });
  }

  private static FilterPaths paths(List<Object> mappings) throws ReflectiveOperationException {
    List<String> patterns = new ArrayList<>();
    for (Object mapping : mappings) {
      boolean jettys = mapping.getClass().getName().startsWith("org.eclipse.jetty.");
      List<String> own = texts(mapping, jettys ? "getPathSpecs" : "getURLPatterns");
      if (own.isEmpty() || !texts(mapping, "getServletNames").isEmpty()) {
        return FilterPaths.ALL;
      }
      patterns.addAll(own);
    }
    return FilterPaths.of(patterns);
  }

  private static List<String> texts(Object mapping, String getter)
      throws ReflectiveOperationException {
    String[] texts = (String[]) mapping.getClass().getMethod(getter).invoke(mapping);
    return texts == null ? List.of() : List.of(texts);
  }

  @FunctionalInterface
  private interface Test {
    boolean of(Object mapping) throws ReflectiveOperationException;
  }

  private static List<Object> those(@Nullable Object mappings, String name, Test test)
      throws ReflectiveOperationException {
    List<Object> those = new ArrayList<>();
    int count = mappings == null ? 0 : Array.getLength(mappings);
    for (int i = 0; i < count; i++) {
      Object mapping = Array.get(mappings, i);
      if (name.equals(call(mapping, "getFilterName")) && test.of(mapping)) {
        those.add(mapping);
      }
    }
    return those;
  }

  private static Object call(Object target, String getter) throws ReflectiveOperationException {
    Method method = target.getClass().getMethod(getter);
    return method.invoke(target);
  }

  private static Object field(Object target, String name) throws ReflectiveOperationException {
    Field field = target.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(target);
  }
}
