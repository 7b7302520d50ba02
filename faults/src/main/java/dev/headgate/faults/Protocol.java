package dev.headgate.faults;

import java.util.function.Supplier;

/** How client and server talk, as far as a {@link FaultProxy} has to understand it. */
public enum Protocol {

  /**
   * PostgreSQL's protocol 3. COMMIT is seen as a simple query and as the execution of a prepared
   * statement, named or not.
   */
  POSTGRESQL(PostgresConversation::new),

  /** The protocol of MariaDB and MySQL. COMMIT is seen as a plain query ({@code COM_QUERY}). */
  MARIADB(MariaDbConversation::new);

  private final Supplier<Conversation> conversations;

  Protocol(Supplier<Conversation> conversations) {
    this.conversations = conversations;
  }

  Conversation newConversation() {
    return conversations.get();
  }
}
