package dev.headgate.filter;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Requests without a container, whose methods answer what they were told. */
final class Requests {

  private Requests() {}

  /**
   * Returns a request.
   *
   * @param answers by the names of the methods, or "header NAME" with a list of its values
   */
  static HttpServletRequest answering(Map<String, Object> answers) {
    Map<Object, Object> attributes = new HashMap<>();
    return proxy(
        HttpServletRequest.class,
        (method, arguments) ->
            switch (method) {
              case "getHeaders" ->
                  Collections.enumeration(
                      (List<?>) answers.getOrDefault("header " + arguments[0], List.of()));
              case "setAttribute" -> attributes.put(arguments[0], arguments[1]);
              case "getAttribute" -> attributes.get(arguments[0]);
              case "removeAttribute" -> attributes.remove(arguments[0]);
              default -> answer(answers, method);
            });
  }

  private static Object answer(Map<String, Object> answers, String method) {
    if (!answers.containsKey(method)) {
      throw new UnsupportedOperationException(method);
    }
    return answers.get(method);
  }

  /** Returns a session in which each attribute has this value. */
  static HttpSession session(Object value) {
    return proxy(HttpSession.class, (method, arguments) -> value);
  }

  /** Returns a user of this name. */
  static Principal user(String name) {
    return () -> name;
  }

  private interface Answer {
    Object to(String method, Object[] arguments);
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            Requests.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answer.to(method.getName(), arguments)));
  }
}
