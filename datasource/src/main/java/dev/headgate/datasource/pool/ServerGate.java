package dev.headgate.datasource.pool;

/** The failure gate of a server, and what speaks for opening it. */
record ServerGate(String name, FailureGate gate, Doubt doubt) {}
