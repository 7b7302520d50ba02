package dev.headgate.containers.laboratory;

import java.util.ArrayList;
import java.util.List;

/**
 * What to ask for.
 *
 * @param title what it is called in a test's name
 * @param headers such as {@code Range: bytes=0-9}
 */
record Request(String title, String target, List<String> headers) {

  static Request of(String target, String... headers) {
    String title = headers.length == 0 ? target : target + " with " + String.join(", ", headers);
    return new Request(title, target, List.of(headers));
  }

  /** Returns it with a target whose query string ends with what is to be done. */
  Request touching(Touch touch) {
    return new Request(title + ", " + touch, touch.target(target), headers);
  }

  Request with(String header) {
    List<String> more = new ArrayList<>(headers);
    more.add(header);
    return new Request(title + ", " + header, target, more);
  }
}
