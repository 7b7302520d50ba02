package dev.headgate.containers;

/** A note as {@code GET /notes} shows it. */
record Note(long id, String text) {}
