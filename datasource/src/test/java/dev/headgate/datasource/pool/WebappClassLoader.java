package dev.headgate.datasource.pool;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * The class loader of a web application that has JDBC drivers of its own: {@link HiddenDriver}, as
 * a class of this loader's.
 */
final class WebappClassLoader extends ClassLoader {

  static final String BROKEN_DRIVER = "driver.for.a.newer.Java";

  private static final String SERVICE_FILE = "META-INF/services/java.sql.Driver";

  private final URL drivers;

  /**
   * Makes a loader with these drivers.
   *
   * @param directory where it can write its service file
   * @param drivers names of driver classes
   */
  WebappClassLoader(Path directory, List<String> drivers) throws IOException {
    super(WebappClassLoader.class.getClassLoader());
    this.drivers = Files.write(directory.resolve("java.sql.Driver"), drivers).toUri().toURL();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.equals(BROKEN_DRIVER)) {
      throw new UnsupportedClassVersionError(name);
    }
    if (!name.equals(HiddenDriver.class.getName())) {
      return super.loadClass(name, resolve);
    }
    Class<?> loaded = findLoadedClass(name);
    return loaded != null ? loaded : define(name);
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String file = "/" + name.replace('.', '/') + ".class";
    try (InputStream in = WebappClassLoader.class.getResourceAsStream(file)) {
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  @Override
  public Enumeration<URL> getResources(String name) throws IOException {
    return name.equals(SERVICE_FILE)
        ? Collections.enumeration(List.of(drivers))
        : super.getResources(name);
  }
}
