package dev.headgate.frameworks.suite;

/** A place in the table. */
record Cell(Kind kind, Dbms dbms, Promise promise, Place place) {}
