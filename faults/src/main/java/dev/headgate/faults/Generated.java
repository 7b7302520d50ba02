package dev.headgate.faults;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Texts that are nearly right: right ones put together, cut, doubled and sprinkled with what is
 * seldom thought of. What breaks a property is made as short as it can be, and shown.
 */
public final class Generated {

  private static final int COUNT = Boolean.getBoolean("headgate.stress") ? 300_000 : 5_000;

  private static final List<String> SPRINKLES =
      List.of(
          "",
          "\0",
          "\n",
          "\r\n",
          " ",
          "\t",
          "%",
          "%2e",
          "%00",
          "%252e",
          ".",
          "..",
          "/",
          "\\",
          ":",
          "@",
          "?",
          "&",
          ";",
          ",",
          "=",
          "#",
          "[",
          "]",
          "{",
          "}",
          "(",
          ")",
          "\"",
          "'",
          "$",
          "${",
          "-",
          "_",
          "*",
          "0",
          "9",
          "A",
          "z",
          "K",
          "\u212A",
          "\u0130",
          "\u0131",
          "ſ",
          "é",
          "\u202E",
          "\u2028",
          "\uD83D\uDE00",
          "\uD800",
          "xn--",
          "a".repeat(64),
          "1.".repeat(150));

  private Generated() {}

  /** Checks a property with texts that are made of these, the same ones each time. */
  public static void texts(List<String> seeds, Consumer<String> property) {
    texts(COUNT, seeds, property);
  }

  /** Checks a property with so many texts. */
  public static void texts(int count, List<String> seeds, Consumer<String> property) {
    Random random = new Random(seeds.hashCode());
    for (int i = 0; i < count; i++) {
      String text = next(random, seeds);
      Optional<Throwable> failure = failure(property, text);
      if (failure.isPresent()) {
        String shortest = shortest(property, text);
        throw new AssertionError(
            "text %d, shortened: \"%s\"".formatted(i, escaped(shortest)),
            failure(property, shortest).orElse(failure.get()));
      }
    }
  }

  private static String next(Random random, List<String> seeds) {
    StringBuilder text = new StringBuilder(any(random, seeds));
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      int from = random.nextInt(text.length() + 1);
      int to = Math.min(text.length(), from + random.nextInt(6));
      switch (random.nextInt(5)) {
        case 0 -> text.delete(from, to);
        case 1 -> text.insert(from, text.substring(from, to));
        case 2 -> text.insert(from, any(random, seeds));
        default -> text.insert(from, any(random, SPRINKLES));
      }
    }
    return text.toString();
  }

  private static String any(Random random, List<String> texts) {
    return texts.get(random.nextInt(texts.size()));
  }

  private static Optional<Throwable> failure(Consumer<String> property, String text) {
    try {
      property.accept(text);
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      return Optional.of(e);
    }
  }

  /** Leaves out whatever is not needed for the failure: large pieces first. */
  private static String shortest(Consumer<String> property, String text) {
    String shortest = text;
    for (int size = Math.max(1, text.length() / 2); size > 0; size /= 2) {
      int from = 0;
      while (from + size <= shortest.length()) {
        String shorter = shortest.substring(0, from) + shortest.substring(from + size);
        if (failure(property, shorter).isEmpty()) {
          from += size;
        } else {
          shortest = shorter;
        }
      }
    }
    return shortest;
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    text.chars()
        .forEach(c -> escaped.append(c >= ' ' && c < 127 ? "" + (char) c : "\\u%04x".formatted(c)));
    return escaped.toString();
  }
}
