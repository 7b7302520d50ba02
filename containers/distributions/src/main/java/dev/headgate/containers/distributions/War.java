package dev.headgate.containers.distributions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packs an unpacked web application again. */
final class War {

  private War() {}

  static void pack(Path webapp, Path war) throws IOException {
    List<Path> files;
    try (Stream<Path> walked = Files.walk(webapp)) {
      files = walked.filter(Files::isRegularFile).toList();
    }
    try (var zip = new ZipOutputStream(Files.newOutputStream(war))) {
      for (Path file : files) {
        zip.putNextEntry(new ZipEntry(webapp.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, zip);
      }
    }
  }
}
