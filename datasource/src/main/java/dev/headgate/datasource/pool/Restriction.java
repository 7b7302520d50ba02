package dev.headgate.datasource.pool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a database may not be used for at the moment, and why. Immutable.
 *
 * @param kind what is refused
 * @param reason one line for operators, for logs and exceptions; clients don't see it
 */
public record Restriction(Kind kind, String reason) {

  /** What is refused. */
  public enum Kind {

    /** Writes: the database refuses them. */
    READ_ONLY("read only"),

    /** Everything that begins; what runs goes on to its end. */
    SUSPENDED("suspended");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * Makes a restriction.
   *
   * @throws IllegalArgumentException if the reason is blank or has control characters in it
   */
  public Restriction {
    Objects.requireNonNull(kind, "kind");
    if (reason.isBlank()) {
      throw new IllegalArgumentException("the reason why it is %s is blank".formatted(kind));
    }
    String unused = JdbcUrl.requireOneLine("the reason", reason);
  }

  /**
   * Returns the restriction to reads.
   *
   * @throws IllegalArgumentException if the reason is blank or has control characters in it
   */
  public static Restriction readOnly(String reason) {
    return new Restriction(Kind.READ_ONLY, reason);
  }

  /**
   * Returns the one that lets nothing begin.
   *
   * @throws IllegalArgumentException if the reason is blank or has control characters in it
   */
  public static Restriction suspended(String reason) {
    return new Restriction(Kind.SUSPENDED, reason);
  }

  // Written out: the JDK would remember the class, and so keep an application that has gone, until
  // it makes the methods of another record (JDK 17: a type that a method handle was last cast to).

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Restriction that && kind == that.kind && reason.equals(that.reason);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, reason);
  }

  /** Says what is refused, and why. */
  @Override
  public String toString() {
    return "%s for now: %s".formatted(kind, reason);
  }
}
