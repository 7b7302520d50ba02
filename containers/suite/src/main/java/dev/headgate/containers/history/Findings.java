package dev.headgate.containers.history;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a run has broken a rule. Safe for use by many threads. */
final class Findings {

  private static final int SHOWN = 3;

  private final Map<Rule, List<String>> byRule = new EnumMap<>(Rule.class);

  synchronized void add(Rule rule, String what, @Nullable Trace trace) {
    List<String> found = byRule.computeIfAbsent(rule, any -> new ArrayList<>());
    found.add(found.size() < SHOWN ? what + (trace == null ? "" : ": " + trace) : what);
  }

  synchronized int count(Rule rule) {
    return byRule.getOrDefault(rule, List.of()).size();
  }

  synchronized boolean isEmpty() {
    return byRule.isEmpty();
  }

  @Override
  public synchronized String toString() {
    var text = new StringBuilder();
    byRule.forEach(
        (rule, found) -> {
          text.append("%n%s: %d times%n".formatted(rule, found.size()));
          found.stream().limit(SHOWN).forEach(each -> text.append(each).append('\n'));
        });
    return text.toString();
  }
}
