package dev.headgate.datasource;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a properties file in UTF-8, in which no key stands twice. */
final class PropertiesFile {

  private PropertiesFile() {}

  /**
   * Returns the entries of a file by key.
   *
   * @throws IllegalArgumentException if a key is there twice, or the file is malformed
   * @throws IOException if it can't be read
   */
  static Map<String, String> read(Path file) throws IOException {
    Map<String, String> entries = new TreeMap<>();
    Properties properties =
        new Properties() {
          private static final long serialVersionUID = 1L;

          @Override
          public synchronized @Nullable Object put(Object key, Object value) {
            if (entries.putIfAbsent((String) key, (String) value) != null) {
              throw new IllegalArgumentException("%s is there twice".formatted(key));
            }
            return null;
          }
        };
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("%s: %s".formatted(file, e.getMessage()), e);
    }
    return entries;
  }
}
