package dev.headgate.filter;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Requests without a container, for what no container does or where one is too slow. */
final class Mocks {

  private Mocks() {}

  /** A request of which each method can be told its answer. */
  interface Request extends HttpServletRequest {

    Request answers(String method, Object answer);

    /** Gives it a header, again whenever it is asked for. */
    default Request header(String name, String... values) {
      return answers("header " + name, List.of(values));
    }
  }

  /** A request without header or attribute. */
  static Request request() {
    return (Request)
        Proxy.newProxyInstance(
            Mocks.class.getClassLoader(), new Class<?>[] {Request.class}, new RequestHandler());
  }

  /** A request with a tenant in its header {@code Tenant}. */
  static Request request(String tenant) {
    return request().answers("getHeaders", Collections.enumeration(List.of(tenant)));
  }

  private static final class RequestHandler implements InvocationHandler {

    private final Map<String, Object> answers = new HashMap<>();
    private final Map<String, Object> attributes = new HashMap<>();

    @Override
    public Object invoke(Object self, Method method, Object[] args) throws Throwable {
      if (method.isDefault()) {
        return InvocationHandler.invokeDefault(self, method, args);
      }
      switch (method.getName()) {
        case "answers" -> {
          answers.put((String) args[0], args[1]);
          return self;
        }
        case "getAttribute" -> {
          return attributes.get(args[0]);
        }
        case "setAttribute" -> {
          if (answers.get("setAttribute") instanceof RuntimeException refusal
              && ((String) args[0]).endsWith(".Exchange")) {
            throw refusal;
          }
          return attributes.put((String) args[0], args[1]);
        }
        case "removeAttribute" -> {
          return attributes.remove(args[0]);
        }
        case "getDispatcherType" -> {
          return DispatcherType.REQUEST;
        }
        case "isAsyncStarted" -> {
          return false;
        }
        case "getHeaders" -> {
          return answers.get("header " + args[0]) instanceof List<?> values
              ? Collections.enumeration(values)
              : answers.getOrDefault("getHeaders", Collections.emptyEnumeration());
        }
        default -> {
          if (!answers.containsKey(method.getName())) {
            throw new UnsupportedOperationException(method.toString());
          }
          return answers.get(method.getName());
        }
      }
    }
  }

  /** A response that only has a status. */
  static HttpServletResponse response() {
    int[] status = {200};
    return (HttpServletResponse)
        Proxy.newProxyInstance(
            Mocks.class.getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (self, method, args) ->
                switch (method.getName()) {
                  case "getStatus" -> status[0];
                  case "setStatus", "sendError" -> {
                    status[0] = (int) args[0];
                    yield null;
                  }
                  case "reset" -> {
                    status[0] = 200;
                    yield null;
                  }
                  case "getHeaderNames", "getHeaders" -> List.of();
                  case "isCommitted" -> false;
                  case "getCharacterEncoding" -> "ISO-8859-1";
                  case "getContentType", "setHeader" -> null;
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }

  /** The configuration of a filter without init-params, in a context that takes any attribute. */
  static FilterConfig config() {
    Object context =
        Proxy.newProxyInstance(
            Mocks.class.getClassLoader(),
            new Class<?>[] {ServletContext.class},
            (self, method, args) -> null);
    return (FilterConfig)
        Proxy.newProxyInstance(
            Mocks.class.getClassLoader(),
            new Class<?>[] {FilterConfig.class},
            (self, method, args) ->
                switch (method.getName()) {
                  case "getInitParameterNames" -> Collections.emptyEnumeration();
                  case "getServletContext" -> context;
                  default -> null;
                });
  }
}
