package dev.headgate.containers.laboratory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Files that the container's own servlet serves, and requests for them. */
final class StaticFiles {

  static final List<String> NAMES =
      List.of("static/text.txt", "static/page.html", "static/empty.txt", "static/large.txt");

  private static final Instant CHANGED = Instant.parse("2024-02-29T12:00:00Z");
  private static final String CHANGED_TEXT = "Thu, 29 Feb 2024 12:00:00 GMT";

  private StaticFiles() {}

  /** Writes the files. */
  static void write(Path folder) throws IOException {
    write(folder, "static/text.txt", "0123456789".repeat(50));
    write(folder, "static/page.html", "<!DOCTYPE html><title>page</title><p>süß");
    write(folder, "static/empty.txt", "");
    write(folder, "static/large.txt", "0123456789".repeat(30_000));
    write(folder, "static/included.txt", "included");
    write(folder, "static/gone.html", "<!DOCTYPE html><title>gone</title>");
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(CHANGED));
    Files.setLastModifiedTime(file.getParent(), FileTime.from(CHANGED));
  }

  /** Asks for the entity tag of {@code static/text.txt}. */
  static String tag(Laboratory laboratory) throws IOException {
    try (RawClient client = laboratory.connect()) {
      return client
          .send("GET /static/text.txt HTTP/1.1", "Host: " + Laboratory.host("acme"))
          .receive("GET")
          .headers("ETag")
          .get(0);
    }
  }

  /**
   * Returns what to ask for.
   *
   * @param tag the entity tag of {@code static/text.txt}
   */
  static List<Request> requests(String tag) {
    List<Request> requests = new ArrayList<>();
    NAMES.forEach(name -> requests.add(Request.of("/" + name)));
    for (String other : List.of("/static", "/static/", "/static/missing.txt")) {
      requests.add(Request.of(other));
    }
    for (String range :
        List.of("0-9", "490-", "-10", "0-", "0-9,20-29", "0-0,-1", "500-", "9-0", "x")) {
      requests.add(Request.of("/static/text.txt", "Range: bytes=" + range));
    }
    for (String range : List.of("0-9", "0-199999", "100000-250000")) {
      requests.add(Request.of("/static/large.txt", "Range: bytes=" + range));
    }
    for (String condition :
        List.of(
            "If-None-Match: " + tag,
            "If-None-Match: *",
            "If-None-Match: \"other\"",
            "If-Match: " + tag,
            "If-Match: \"other\"",
            "If-Modified-Since: " + CHANGED_TEXT,
            "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT",
            "If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT")) {
      requests.add(Request.of("/static/text.txt", condition));
    }
    for (String condition : List.of(tag, CHANGED_TEXT, "\"other\"")) {
      requests.add(Request.of("/static/text.txt", "Range: bytes=0-9", "If-Range: " + condition));
    }
    return requests;
  }
}
