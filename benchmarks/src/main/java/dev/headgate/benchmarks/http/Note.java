package dev.headgate.benchmarks.http;

/** A note, as in the example. */
record Note(long id, String text) {}
