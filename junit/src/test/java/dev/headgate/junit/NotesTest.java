package dev.headgate.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.headgate.datasource.RoutingDataSource;
import dev.headgate.datasource.TenantId;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The example of docs/testing.md. */
class NotesTest {

  private static final RoutingDataSource dataSource = TestDatabases.withNotes();

  // snippet
  @RegisterExtension
  static final UnitOfWorkExtension unit = UnitOfWorkExtension.of(dataSource, TenantId.of("acme"));

  private final Notes notes = new Notes(dataSource);

  @Test
  void aNote_isAdded() throws SQLException {
    notes.add("one"); // commits by itself, as far as it can tell
    assertThat(notes.all()).containsExactly("one");
  }

  @Test
  void inTheBeginning_thereAreNone() throws SQLException {
    assertThat(notes.all()).isEmpty();
  }
  // end of snippet
}
