package dev.headgate.filter;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
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

  /** Throws if requests can be made asynchronous behind the filter, but not be dispatched to it. */
  static void require(FilterConfig config) throws ServletException {
    String name = config.getFilterName();
    boolean missing;
    try {
      missing = isMissing(config.getServletContext(), name);
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("The container does not tell how filter {} is mapped", name, e);
      missing = false;
    }
    if (missing) {
      throw new ServletException(
          "filter %s: it is async-supported but not mapped for ASYNC dispatches, so that their answers would not wait for COMMIT: map it for REQUEST, ASYNC and ERROR"
              .formatted(name));
    }
  }

  /** A request can't be made asynchronous, which may be for want of the filter's permission. */
  static IllegalStateException notSupported(IllegalStateException cause) {
    return new IllegalStateException(
        "startAsync(): the servlet, the UnitOfWorkFilter or another filter is not async-supported. This one needs it, and mappings for REQUEST, ASYNC and ERROR",
        cause);
  }

  private static boolean isMissing(ServletContext context, String name)
      throws ReflectiveOperationException {
    Class<?> type = context.getClass();
    if (type.getName().startsWith("org.eclipse.jetty.")) {
      return isMissingInJetty(context, name);
    }
    return type.getName().startsWith("org.apache.catalina.") && isMissingInTomcat(context, name);
  }

  private static boolean isMissingInJetty(ServletContext context, String name)
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
    boolean supported = filter != null && (boolean) call(filter, "isAsyncSupported");
    return supported
        && !anyMapping(
            call(servlets, "getFilterMappings"),
            name,
            mapping ->
                (boolean)
                    mapping
                        .getClass()
                        .getMethod("appliesTo", DispatcherType.class)
                        .invoke(mapping, DispatcherType.ASYNC));
  }

  private static boolean isMissingInTomcat(ServletContext context, String name)
      throws ReflectiveOperationException {
    Object standard = field(field(context, "context"), "context");
    Object filter =
        standard.getClass().getMethod("findFilterDef", String.class).invoke(standard, name);
    boolean supported = filter != null && "true".equals(call(filter, "getAsyncSupported"));
    return supported
        && !anyMapping(
            call(standard, "findFilterMaps"),
            name,
            mapping -> {
              int types = (int) call(mapping, "getDispatcherMapping");
              return (types & mapping.getClass().getField("ASYNC").getInt(null)) != 0;
            });
  }

  @FunctionalInterface
  private interface Test {
    boolean of(Object mapping) throws ReflectiveOperationException;
  }

  private static boolean anyMapping(@Nullable Object mappings, String name, Test test)
      throws ReflectiveOperationException {
    int count = mappings == null ? 0 : Array.getLength(mappings);
    for (int i = 0; i < count; i++) {
      Object mapping = Array.get(mappings, i);
      if (name.equals(call(mapping, "getFilterName")) && test.of(mapping)) {
        return true;
      }
    }
    return false;
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
