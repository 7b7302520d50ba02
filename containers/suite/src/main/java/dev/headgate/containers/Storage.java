package dev.headgate.containers;

/** Where acme's data lives; the other tenants' always live in H2. */
enum Storage {
  H2("H2"),
  POSTGRESQL("PostgreSQL");

  private final String text;

  Storage(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
