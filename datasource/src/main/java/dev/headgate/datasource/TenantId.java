package dev.headgate.datasource;

import java.io.Serializable;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whose data it is: a validated identifier in canonical form.
 *
 * <p>The form is that of one label of a host name (RFC 1123): 1 to 63 of the letters {@code a} to
 * {@code z}, digits and hyphens, with no hyphen at either end. Capital letters are folded to small
 * ones, so that equal tenants have equal identifiers. Parts of it have no meaning.
 *
 * @param value the identifier in canonical form
 */
public record TenantId(String value) implements Comparable<TenantId>, Serializable {

  /** The tenant of an application with one database. */
  public static final TenantId ONLY = new TenantId("only");

  /**
   * Makes an identifier of a text.
   *
   * @throws InvalidTenantIdException if the text does not have the form of an identifier; also for
   *     null, so that a missing header can be passed on as it is
   */
  public TenantId(@Nullable String value) {
    // The length is looked at first: the text may come from anyone.
    if (value == null || value.isEmpty() || value.length() > 63) {
      throw new InvalidTenantIdException(
          "a tenant identifier has 1 to 63 characters, not "
              + (value == null ? "none" : value.length()));
    }
    if (!isLabel(value)) {
      throw new InvalidTenantIdException(
          "a tenant identifier consists of letters a to z, digits, and hyphens inside");
    }
    // After the match: some letters beyond ASCII have small forms in it, the Kelvin sign for one.
    this.value = value.toLowerCase(Locale.ROOT);
  }

  private static boolean isLabel(String value) {
    int last = value.length() - 1;
    for (int i = 0; i <= last; i++) {
      char c = value.charAt(i);
      boolean inside = c == '-' && i > 0 && i < last;
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!inside && !letter && !(c >= '0' && c <= '9')) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the identifier of a text.
   *
   * @throws InvalidTenantIdException if the text does not have the form of an identifier, or is
   *     null
   */
  public static TenantId of(@Nullable String value) {
    return new TenantId(value);
  }

  /** As a record has it, written out: what the compiler makes takes several times as long. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof TenantId that && value.equals(that.value));
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public int compareTo(TenantId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
