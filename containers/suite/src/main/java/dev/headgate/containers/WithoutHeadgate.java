package dev.headgate.containers;

import java.util.List;

/**
 * What a web application sees outside of itself: the class path of the tests without Headgate and
 * the pools below it, or nothing would show that the WAR is complete.
 */
public final class WithoutHeadgate extends ClassLoader {

  private static final List<String> HIDDEN =
      List.of(
          "dev.headgate.datasource.",
          "dev.headgate.filter.",
          "com.zaxxer.hikari.",
          "com.github.benmanes.caffeine.");

  /** Makes a class loader above those of web applications. */
  public WithoutHeadgate() {
    super(WithoutHeadgate.class.getClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (HIDDEN.stream().anyMatch(name::startsWith)) {
      throw new ClassNotFoundException(name);
    }
    return super.loadClass(name, resolve);
  }
}
