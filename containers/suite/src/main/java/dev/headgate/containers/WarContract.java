package dev.headgate.containers;

import java.util.stream.Stream;

/** What the example answers with its own web.xml, and with tenants on both kinds of database. */
public abstract class WarContract extends NotebookContract {

  static Stream<Variant> variants() {
    return Stream.of(new Variant(Registration.WEB_XML, Storage.POSTGRESQL));
  }
}
