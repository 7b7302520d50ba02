package dev.headgate.datasource.pool;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A connection that is held longer than the registry was told to report.
 *
 * @param pool the name of its pool
 * @param label for whom it was leased, if that was said
 * @param work what it was borrowed for, such as method and path of a request, if that was said
 * @param thread the name of the thread that borrowed it
 * @param held for how long it is held
 * @param taken where it was borrowed, the innermost call first
 */
public record HeldConnection(
    String pool,
    Optional<String> label,
    Optional<String> work,
    String thread,
    Duration held,
    List<StackTraceElement> taken) {}
