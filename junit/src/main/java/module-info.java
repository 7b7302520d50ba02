import org.jspecify.annotations.NullMarked;

/** A JUnit Jupiter extension: each test in a unit of work that is rolled back at its end. */
@NullMarked
module dev.headgate.junit {
  requires transitive dev.headgate.datasource;
  requires transitive org.junit.jupiter.api;
  requires static transitive org.jspecify;

  exports dev.headgate.junit;
}
