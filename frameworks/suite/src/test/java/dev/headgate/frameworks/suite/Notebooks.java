package dev.headgate.frameworks.suite;

import dev.headgate.datasource.Transactions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** The notebooks of all tests: what takes time is starting frameworks. Closed after the last. */
final class Notebooks implements BeforeAllCallback, AutoCloseable {

  private record Key(Dbms dbms, Transactions transactions) {}

  private static final Map<Key, Notebook> notebooks = new LinkedHashMap<>();

  static Notebook of(Dbms dbms, Transactions transactions) throws Exception {
    Key key = new Key(dbms, transactions);
    Notebook notebook = notebooks.get(key);
    if (notebook == null) {
      notebook = new Notebook(dbms, transactions);
      notebooks.put(key, notebook);
    }
    return notebook;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(Namespace.create(Notebooks.class))
        .computeIfAbsent(Notebooks.class, key -> new Notebooks());
  }

  @Override
  public void close() throws Exception {
    for (Notebook notebook : notebooks.values()) {
      notebook.close();
    }
    notebooks.clear();
  }
}
