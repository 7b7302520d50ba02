package dev.headgate.faults;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the connections of one stub database share: the committed tokens, and who is connected.
 *
 * <p>The object itself is the database's one lock; every method is called with it held.
 */
final class Server {

  private List<String> committed = List.of();
  private final Set<PhysicalConnection> open = new LinkedHashSet<>();
  private int made;
  private int closed;

  List<String> committed() {
    return committed;
  }

  void commit(Transaction transaction) {
    committed = List.copyOf(transaction.committedOver(committed));
  }

  /** Lets a connection in and tells its number. */
  int admit(PhysicalConnection connection) {
    open.add(connection);
    made++;
    return made;
  }

  void dismiss(PhysicalConnection connection) {
    if (open.remove(connection)) {
      closed++;
    }
  }

  Set<PhysicalConnection> open() {
    return open;
  }

  int made() {
    return made;
  }

  int closed() {
    return closed;
  }
}
