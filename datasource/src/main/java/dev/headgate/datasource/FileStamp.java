package dev.headgate.datasource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What tells one state of a file from another, without reading it. */
record FileStamp(FileTime modified, long size, @Nullable Object key) {

  private static final FileStamp MISSING = new FileStamp(FileTime.fromMillis(0), -1, null);

  static Map<Path, FileStamp> of(Collection<Path> files) {
    Map<Path, FileStamp> stamps = new HashMap<>();
    files.forEach(file -> stamps.put(file, of(file)));
    return stamps;
  }

  private static FileStamp of(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileStamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (IOException e) {
      return MISSING;
    }
  }

  // Written out: the JDK would remember the class, and so keep an application that has gone, until
  // it makes the methods of another record (JDK 17: a type that a method handle was last cast to).

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileStamp that
        && modified.equals(that.modified)
        && size == that.size
        && Objects.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return Objects.hash(modified, size, key);
  }
}
